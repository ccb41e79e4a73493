// SPDX-License-Identifier: Apache-2.0
// The page /kaon of an application in dev mode, as a person uses it. Argument: the address of the application. Groups
// with the names browser-0 to browser-2 have to be there, without members.
import {expect, run} from './scenarios.mjs';

const address = process.argv[2];
const EVIL = '<img src=x onerror="alert(\'kaon\')">';
const TOPIC = 'browser.orders';

const at = fragment => `${address}kaon/${fragment}`;

/** Straight to the interface, for what the page only has to show. */
async function ask(method, path, body) {
    const list = await (await fetch(`${address}v3/clusters`)).json();
    const response = await fetch(`${address}v3/clusters/${list.data[0].cluster_id}/${path}`, {
        method,
        headers: body === undefined ? {} : {'Content-Type': 'application/json'},
        body: body === undefined ? undefined : JSON.stringify(body),
    });
    expect(response.ok, `${method} ${path} to succeed, not ${response.status} ${response.ok ? '' : await response.text()}`);
    return response.status === 204 ? null : response.json().catch(() => null);
}

async function send(topic, record) {
    return ask('POST', `topics/${encodeURIComponent(topic)}/records`, record);
}

const text = data => ({type: 'STRING', data});

await run(address, [
    ['should serve the page with a policy that lets nothing else run', async page => {
        const response = await page.goto(at(''));
        const policy = response.headers()['content-security-policy'];
        expect(policy.includes("default-src 'none'") && !policy.includes('unsafe'), `a strict policy, not ${policy}`);
        expect((await fetch(at('../kaon'), {redirect: 'manual'})).status === 302, 'the address without a slash to lead to the page');
        expect((await fetch(at('no-such.js'))).status === 404, 'nothing where nothing is');
        await page.getByRole('heading', {name: 'Topics'}).waitFor();
    }],
    ['should create a topic and say what is wrong beside the field', async page => {
        await page.goto(at('#topics'));
        await page.getByRole('button', {name: 'Create topic'}).first().click();
        await page.getByLabel('Name', {exact: true}).fill('not a name!');
        await page.locator('kaon-dialog').getByRole('button', {name: 'Create topic'}).click();
        await page.locator('#name-wrong').waitFor();
        await page.getByLabel('Name', {exact: true}).fill(TOPIC);
        await page.getByLabel('Partitions').fill('2');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', {name: TOPIC}).waitFor();
        expect(page.url().endsWith(`#topics/${TOPIC}`), `the address to name the topic: ${page.url()}`);
        await page.getByText('No records here').waitFor();
    }],
    ['should produce a record and show it', async page => {
        await page.goto(at(`#topics/${TOPIC}`));
        await page.getByRole('button', {name: 'Produce', exact: true}).click();
        const dialog = page.locator('kaon-dialog');
        await dialog.getByLabel('Value', {exact: true}).fill('{"id": 12345678901234567890, "ok": tru');
        await dialog.getByRole('button', {name: 'Send'}).click();
        await dialog.getByText('This is not JSON').waitFor();
        await dialog.getByLabel('Value', {exact: true}).fill('{"id": 12345678901234567890, "ok": true}');
        await dialog.getByRole('button', {name: 'Add a header'}).click();
        await dialog.getByLabel('Name of header 1').fill('source');
        await dialog.getByLabel('Value of header 1').fill('browser');
        await page.keyboard.press('Control+Enter');
        await dialog.getByText('Written: partition').waitFor();
        await page.keyboard.press('Escape');
        await page.getByRole('button', {name: /^Record 0 of partition/}).click();
        const record = page.getByRole('region', {name: 'Record'});
        const value = await record.locator('pre[aria-label=Value]').textContent();
        expect(value.includes('"id": 12345678901234567890'), `every digit of the number: ${value}`);
        expect((await record.getByRole('table', {name: 'Headers'}).textContent()).includes('browser'), 'the header');
        await record.getByRole('button', {name: 'Hex'}).last().click();
        expect((await record.locator('pre[aria-label=Value]').textContent()).includes('7b 22 69 64'), 'the bytes');
    }],
    ['should send a record again, edited', async page => {
        await page.goto(at(`#topics/${TOPIC}`));
        await page.getByRole('button', {name: /^Record 0 of partition/}).click();
        await page.getByRole('button', {name: 'Edit and send again'}).click();
        const dialog = page.locator('kaon-dialog');
        expect((await dialog.getByLabel('Value of header 1').inputValue()) === 'browser', 'the header in the form');
        await dialog.getByLabel('Value', {exact: true}).fill('{"id": 2}');
        await dialog.getByRole('button', {name: 'Send'}).click();
        await dialog.getByText('Written: partition').waitFor();
        await page.keyboard.press('Escape');
        await page.getByText('{"id":2}').first().waitFor();
    }],
    ['should show markup in keys, values, headers and names as text', async page => {
        await send(TOPIC, {
            key: text(EVIL), value: text(`${EVIL} in a value`), headers: [{name: EVIL, value: Buffer.from(EVIL).toString('base64')}],
        });
        await page.goto(at(`#topics/${TOPIC}`));
        await page.getByText(`${EVIL} in a value`).first().click();
        const record = page.getByRole('region', {name: 'Record'});
        await record.waitFor();
        expect((await record.locator('pre[aria-label=Key]').textContent()) === EVIL, 'the key as it is');
        expect((await record.getByRole('table', {name: 'Headers'}).textContent()).includes(EVIL), 'the header as it is');
        expect(await page.locator('kaon-console img[src=x]').count() === 0, 'no element made of a record');
        await page.goto(at(`#groups/${encodeURIComponent(EVIL)}`));
        await page.getByText('This group is not there').waitFor();
        await page.goto(at(`#topics/${encodeURIComponent(EVIL)}`));
        await page.getByText('This topic is not there').waitFor();
    }],
    ['should search, and stay there over a reload', async page => {
        await page.goto(at(`#topics/${TOPIC}`));
        await page.getByLabel('Search records', {exact: true}).waitFor();
        await page.keyboard.press('/');
        await page.keyboard.type('in a value');
        await page.keyboard.press('Enter');
        await page.getByText(/1 record found · \d+ records looked at/).waitFor();
        await page.reload();
        await page.getByText(/1 record found · \d+ records looked at/).waitFor();
        expect((await page.getByLabel('Search records', {exact: true}).inputValue()) === 'in a value', 'the text in its box');
    }],
    ['should say beside the box what is wrong with an offset', async page => {
        await page.goto(at(`#topics/${TOPIC}?position=offset&offset=three`));
        await page.getByRole('alert').first().waitFor();
    }],
    ['should follow a topic live, pause and go on', async page => {
        await page.goto(at(`#topics/${TOPIC}?position=live`));
        await page.getByText('Waiting for records').waitFor();
        await page.getByText('Following').waitFor();
        await page.waitForTimeout(500);
        await send(TOPIC, {value: text('while looking')});
        await page.getByText('while looking').first().waitFor();
        await page.getByRole('button', {name: 'Pause'}).click();
        await send(TOPIC, {value: text('while paused')});
        await page.getByText('Paused · 1 record came since').waitFor();
        expect(await page.getByText('while paused').count() === 0, 'nothing to move while it is paused');
        await page.getByRole('button', {name: 'Go on'}).click();
        await page.getByText('while paused').first().waitFor();
    }],
    ['should change a setting where it stands', async page => {
        await page.goto(at(`#topics/${TOPIC}/config`));
        await page.getByRole('button', {name: 'Change retention.ms', exact: true}).click();
        await page.getByLabel('Value of retention.ms').fill('soon');
        await page.getByRole('button', {name: 'Save'}).click();
        await page.getByRole('alert').waitFor();
        await page.getByLabel('Value of retention.ms').fill('3600000');
        await page.getByRole('button', {name: 'Save'}).click();
        await page.getByText('· 1 h').waitFor();
        await page.getByRole('button', {name: 'Back to the default of retention.ms'}).click();
        await page.getByText('· 7 d').first().waitFor();
    }],
    ['should add partitions', async page => {
        await page.goto(at(`#topics/${TOPIC}/partitions`));
        await page.getByRole('button', {name: 'More to do with this topic'}).click();
        await page.getByRole('menuitem', {name: 'Add partitions'}).click();
        await page.getByLabel('Partitions from now on').fill('1');
        await page.getByRole('button', {name: 'Add partitions'}).click();
        await page.getByRole('alert').first().waitFor();
        await page.getByLabel('Partitions from now on').fill('4');
        await page.getByRole('button', {name: 'Add partitions'}).click();
        await page.getByRole('link', {name: '3', exact: true}).waitFor();
    }],
    ['should show the map of the application and pause a channel', async page => {
        await page.goto(at('#application'));
        await page.getByRole('heading', {name: 'shop'}).waitFor();
        await page.getByRole('button', {name: /^Incoming channel bills-in/}).waitFor();
        await page.getByRole('button', {name: 'Pause bills-in'}).click();
        await page.getByRole('button', {name: 'Resume bills-in'}).click();
        await page.getByRole('button', {name: 'Pause bills-in'}).waitFor();
    }],
    ['should show dead letters with their reason, and replay one', async page => {
        await page.goto(at('#application/orders-in'));
        await page.getByText('The customer is not known').first().waitFor();
        await page.getByRole('checkbox').first().check();
        await page.getByRole('button', {name: 'Replay 1 record'}).click();
        await page.locator('kaon-dialog').getByRole('button', {name: 'Replay'}).click();
        await page.getByText('The replay has begun.').waitFor();
    }],
    ['should show a group, and reset it when its members have left', async page => {
        await page.goto(at('#groups'));
        await page.getByLabel('Search groups by name').fill('browser-');
        await page.getByRole('link', {name: 'browser-1'}).click();
        await page.getByRole('button', {name: 'Reset offsets'}).click();
        await page.getByRole('button', {name: 'Show what would change'}).click();
        await page.getByRole('table', {name: 'What would change'}).waitFor();
        await page.getByRole('button', {name: /^Reset \d+ partition/}).click();
        await page.getByText('The offsets of browser-1 are reset.').waitFor();
    }],
    ['should delete a group after its name was typed', async page => {
        await page.goto(at('#groups/browser-2'));
        await page.getByRole('button', {name: 'More to do with this group'}).click();
        await page.getByRole('menuitem', {name: 'Delete the group'}).click();
        const button = page.locator('kaon-dialog').getByRole('button', {name: 'Delete', exact: true});
        expect(await button.isDisabled(), 'the button to wait for the name');
        await page.getByLabel(/^Type/).fill('browser-2');
        await button.click();
        await page.getByText('browser-2 is deleted.').waitFor();
    }],
    ['should show transactions, brokers, their disks and settings, and access control', async page => {
        await page.goto(at('#transactions'));
        await page.getByText('No transactions yet').or(page.getByRole('table')).first().waitFor();
        await page.goto(at('#brokers'));
        await page.getByRole('link', {name: /Broker 0/}).click();
        await page.getByText(/free of|in \d+ topic/).first().waitFor();
        await page.getByRole('link', {name: 'Config'}).click();
        await page.getByLabel('Search settings by name').fill('num.partitions');
        await page.getByText('num.partitions', {exact: true}).waitFor();
        await page.goto(at('#acls'));
        await page.getByText('No access control lists').or(page.getByRole('table')).first().waitFor();
    }],
    ['should empty and delete the topic', async page => {
        await page.goto(at(`#topics/${TOPIC}`));
        await page.getByRole('button', {name: 'More to do with this topic'}).click();
        await page.getByRole('menuitem', {name: 'Empty the topic'}).click();
        await page.getByLabel(/^Type/).fill(TOPIC);
        await page.getByRole('button', {name: 'Empty', exact: true}).click();
        await page.getByText('No records here').waitFor();
        await page.getByRole('button', {name: 'More to do with this topic'}).click();
        await page.getByRole('menuitem', {name: 'Delete the topic'}).click();
        await page.getByLabel(/^Type/).fill(TOPIC);
        await page.getByRole('button', {name: 'Delete', exact: true}).click();
        await page.getByText(`${TOPIC} is deleted.`).waitFor();
        await page.getByRole('heading', {name: 'Topics'}).waitFor();
    }],
]);
