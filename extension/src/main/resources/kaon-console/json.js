// SPDX-License-Identifier: Apache-2.0
// JSON as text: laid out and cut into coloured pieces without ever being read into numbers, which would round long ones.

const TOKEN = /"(?:\\.|[^"\\])*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]|\s+|./gsu;
const INDENT = '  ';
/** Past this a text is shown as it is: laying it out would keep the page busy. */
export const MAX_PRETTY_CHARACTERS = 200_000;

/** Whether a text is a JSON object or array. */
export function looksLikeJson(text) {
    const trimmed = text.trim();
    if (!/^[{[]/.test(trimmed)) {
        return false;
    }
    try {
        JSON.parse(trimmed);
        return true;
    } catch {
        return false;
    }
}

/** The pieces of a JSON text, laid out: [{kind: 'key'|'string'|'number'|'word'|'mark', text}]. */
export function pieces(text) {
    const tokens = (text.match(TOKEN) ?? []).filter(token => token.trim() !== '');
    const out = [];
    let depth = 0;
    const line = () => out.push({kind: 'mark', text: `\n${INDENT.repeat(depth)}`});
    tokens.forEach((token, at) => {
        const next = tokens[at + 1];
        if (token === '{' || token === '[') {
            out.push({kind: 'mark', text: token});
            depth += 1;
            if (next !== '}' && next !== ']') {
                line();
            }
        } else if (token === '}' || token === ']') {
            depth = Math.max(0, depth - 1);
            if (!['{', '['].includes(tokens[at - 1])) {
                line();
            }
            out.push({kind: 'mark', text: token});
        } else if (token === ',') {
            out.push({kind: 'mark', text: token});
            line();
        } else if (token === ':') {
            out.push({kind: 'mark', text: ': '});
        } else {
            out.push({kind: kindOf(token, next), text: token});
        }
    });
    return out;
}

function kindOf(token, next) {
    if (token.startsWith('"')) {
        return next === ':' ? 'key' : 'string';
    }
    if (/^-?\d/.test(token)) {
        return 'number';
    }
    return ['true', 'false', 'null'].includes(token) ? 'word' : 'mark';
}

/** A JSON text laid out, as one text. */
export function pretty(text) {
    return text.length > MAX_PRETTY_CHARACTERS ? text : pieces(text).map(piece => piece.text).join('');
}

/** On one line, without blanks between its parts. */
export function compact(text) {
    return (text.match(TOKEN) ?? []).filter(token => token.trim() !== '').join('');
}
