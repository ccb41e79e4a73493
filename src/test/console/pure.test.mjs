// SPDX-License-Identifier: Apache-2.0
// What the console's pages compute, without a browser: node --experimental-default-type=module --test pure.test.mjs
import assert from 'node:assert/strict';
import {test} from 'node:test';

const CONSOLE = '../../../extension/src/main/resources/kaon-console';
const {ago, base64OfText, bytes, bytesOfHex, count, countOf, duration, hexOfText, hexRows, rate, settingMeaning, textOfHex}
    = await import(`${CONSOLE}/format.js`);
const {compact, looksLikeJson, pieces, pretty} = await import(`${CONSOLE}/json.js`);
const {link, parse} = await import(`${CONSOLE}/route.js`);
const {preview, shownAs, views} = await import(`${CONSOLE}/datum.js`);
const {layOut, path} = await import(`${CONSOLE}/layout.js`);

test('should write numbers for people', () => {
    assert.equal(count(1234567), '1,234,567');
    assert.equal(count('9223372036854775807'), '9,223,372,036,854,775,807');
    assert.equal(count(null), '');
    assert.equal(countOf(1, 'record'), '1 record');
    assert.equal(countOf(0, 'record'), '0 records');
    assert.equal(bytes(1536), '1.5 KiB');
    assert.equal(bytes(0), '0 B');
    assert.equal(rate(0.256), '0.26 /s');
    assert.equal(rate(1234.5), '1,235 /s');
    assert.equal(rate(null), '');
    assert.equal(duration(604800000), '7 d');
    assert.equal(duration(65_000), '1 min 5 s');
    assert.equal(duration(-1), 'unlimited');
    assert.equal(ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T02:30:00Z')), '2 h ago');
    assert.equal(settingMeaning('retention.bytes', '-1'), 'unlimited');
    assert.equal(settingMeaning('cleanup.policy', 'delete'), '');
});

test('should turn bytes into hex and back', () => {
    assert.equal(hexOfText('ä1'), 'c3a431');
    assert.equal(textOfHex('c3a431'), 'ä1');
    assert.deepEqual([...bytesOfHex('00 ff')], [0, 255]);
    assert.equal(bytesOfHex('0'), null);
    assert.equal(bytesOfHex('zz'), null);
    assert.equal(base64OfText('ä'.repeat(10_000)), Buffer.from('ä'.repeat(10_000)).toString('base64'));
    assert.deepEqual(hexRows('00414243ff'), [{offset: '000000', hex: '00 41 42 43 ff', text: '·ABC·'}]);
});

test('should lay out JSON without touching its numbers and texts', () => {
    const text = '{"id":12345678901234567890.10,"a":[1,{"b":"x: {,}\\" "}],"e":{},"f":[]}';
    assert.equal(compact(pretty(text)), text);
    assert.equal(pretty(text).split('\n').length, 11);
    assert.ok(pieces(text).some(piece => piece.kind === 'number' && piece.text === '12345678901234567890.10'));
    assert.ok(pieces(text).some(piece => piece.kind === 'key' && piece.text === '"id"'));
    assert.equal(looksLikeJson('"text"'), false);
    assert.equal(looksLikeJson('{"a":1'), false);
});

test('should keep places of any name in the fragment', () => {
    const fragment = link(['groups', 'a/b ?#%<img src=x>'], {search: 'ü&=', partition: 0, empty: ''});
    assert.deepEqual(parse(fragment), {parts: ['groups', 'a/b ?#%<img src=x>'], query: {search: 'ü&=', partition: '0'}});
    assert.deepEqual(parse('#topics/%zz'), {parts: ['topics', '%zz'], query: {}});
});

test('should offer the ways of looking that fit', () => {
    assert.deepEqual(views({type: 'NULL'}), []);
    assert.deepEqual(views({type: 'STRING', data: 'x'}), ['text', 'hex']);
    assert.deepEqual(views({type: 'BINARY', data: '00'}), ['hex', 'text']);
    assert.equal(preview({type: 'STRING', data: 'a\n  b'}), 'a b');
    assert.equal(preview({type: 'BINARY', data: '00ff'}), '00 ff');
    assert.equal(preview({type: 'STRING', data: 'cut', truncated: true}), 'cut…');
    assert.equal(shownAs({type: 'STRING', data: 'A'}, 'hex'), '41');
});

test('should put what feeds another to its left, also in a circle', () => {
    const channel = (name, direction, topics) => ({channel: name, direction, topics});
    const application = {
        channels: [channel('in', 'incoming', ['a']), channel('out', 'outgoing', ['b']), channel('back', 'incoming', ['b']),
            channel('round', 'outgoing', ['a'])],
        methods: [{method: 'X#one', incoming: ['in'], outgoing: ['out']}, {method: 'X#two', incoming: ['back'], outgoing: ['round']}],
    };
    const {nodes, edges, width, height} = layOut(application);
    const at = new Map(nodes.map(node => [node.id, node]));
    assert.equal(nodes.length, 8);
    assert.equal(edges.length, 8);
    assert.ok(edges.filter(edge => at.get(edge.from).x < at.get(edge.to).x).length >= 7);
    assert.ok(nodes.every(node => node.x >= 0 && node.y >= 0 && node.x + node.w <= width && node.y + node.h <= height));
    for (const one of nodes) {
        assert.ok(!nodes.some(other => other !== one && other.x < one.x + one.w && one.x < other.x + other.w
            && other.y < one.y + one.h && one.y < other.y + other.h), `${one.id} stands alone`);
    }
    assert.match(path(nodes[0], nodes[1]), /^M[\d.]+ [\d.]+C/);
    assert.deepEqual(layOut({channels: []}).nodes, []);
});
