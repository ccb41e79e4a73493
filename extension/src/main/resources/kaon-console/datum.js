// SPDX-License-Identifier: Apache-2.0
// A key, a value or a header as the server gives it: {type: NULL|JSON|STRING|BINARY, data, size, truncated}.
import {hexOfText, textOfHex} from './format.js';
import {compact, looksLikeJson, pretty} from './json.js';

/** In a row of a table: one line, cut. */
export const PREVIEW_CHARACTERS = 240;

export function isNull(datum) {
    return !datum || datum.type === 'NULL';
}

/** A line that says what is in it. */
export function preview(datum) {
    if (isNull(datum)) {
        return 'null';
    }
    const text = datum.type === 'JSON' ? compact(datum.data) : datum.type === 'BINARY' ? spaced(datum.data) : oneLine(datum.data);
    return text.length > PREVIEW_CHARACTERS || datum.truncated ? `${text.slice(0, PREVIEW_CHARACTERS)}…` : text;
}

function spaced(hex) {
    return (hex.slice(0, PREVIEW_CHARACTERS).match(/../g) ?? []).join(' ');
}

function oneLine(text) {
    return text.slice(0, PREVIEW_CHARACTERS + 1).replace(/\s+/g, ' ');
}

/** The ways to look at it: the first is the natural one. */
export function views(datum) {
    if (isNull(datum)) {
        return [];
    }
    switch (datum.type) {
        case 'JSON':
            return ['json', 'text', 'hex'];
        case 'BINARY':
            return ['hex', 'text'];
        default:
            return looksLikeJson(datum.data) ? ['json', 'text', 'hex'] : ['text', 'hex'];
    }
}

/** As text for one way of looking; for hex, the digits. */
export function shownAs(datum, view) {
    const binary = datum.type === 'BINARY';
    switch (view) {
        case 'json':
            return pretty(datum.data);
        case 'hex':
            return binary ? datum.data : hexOfText(datum.data);
        default:
            return binary ? textOfHex(datum.data) : datum.data;
    }
}
