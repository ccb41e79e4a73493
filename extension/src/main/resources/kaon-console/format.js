// SPDX-License-Identifier: Apache-2.0
// What is shown of numbers, times and bytes. Pure functions: they are tested without a browser.

const NUMBER = new Intl.NumberFormat('en');
const BYTE_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** 1234567 → "1,234,567"; nothing for what is not a number. Long numbers may come as texts and stay exact. */
export function count(value) {
    if (value === null || value === undefined || value === '') {
        return '';
    }
    if (typeof value === 'string') {
        return /^-?\d+$/.test(value) ? NUMBER.format(BigInt(value)) : value;
    }
    return Number.isFinite(value) ? NUMBER.format(value) : '';
}

/** 1 → "1 topic", 2 → "2 topics". */
export function countOf(value, one, many = `${one}s`) {
    return `${count(value)} ${Number(value) === 1 ? one : many}`;
}

/** 1536 → "1.5 KiB". */
export function bytes(value) {
    if (value === null || value === undefined || !Number.isFinite(Number(value))) {
        return '';
    }
    let rest = Number(value);
    let unit = 0;
    while (Math.abs(rest) >= 1024 && unit < BYTE_UNITS.length - 1) {
        rest /= 1024;
        unit += 1;
    }
    const digits = unit === 0 || rest >= 100 ? 0 : 1;
    return `${rest.toFixed(digits)} ${BYTE_UNITS[unit]}`;
}

/** 0.25 → "0.25 /s", 1234.5 → "1,235 /s". */
export function rate(value) {
    const number = Number(value);
    if (value === null || value === undefined || !Number.isFinite(number)) {
        return '';
    }
    if (number === 0) {
        return '0 /s';
    }
    return number < 10 ? `${Number(number.toPrecision(2))} /s` : `${NUMBER.format(Math.round(number))} /s`;
}

/** Milliseconds as the two largest units: "2 d 3 h", "1 min 5 s", "250 ms". */
export function duration(ms) {
    const value = Number(ms);
    if (!Number.isFinite(value)) {
        return '';
    }
    if (value < 0) {
        return 'unlimited';
    }
    if (value < SECOND) {
        return `${Math.round(value)} ms`;
    }
    const units = [[DAY, 'd'], [HOUR, 'h'], [MINUTE, 'min'], [SECOND, 's']];
    const first = units.findIndex(([size]) => value >= size);
    const [size, name] = units[first];
    const whole = Math.floor(value / size);
    const next = units[first + 1];
    const rest = next ? Math.floor((value % size) / next[0]) : 0;
    return rest > 0 ? `${whole} ${name} ${rest} ${next[1]}` : `${whole} ${name}`;
}

/** A moment in the zone of whoever looks: "2026-03-01 12:00:00.123". */
export function moment(iso) {
    const date = new Date(iso);
    if (iso === null || iso === undefined || Number.isNaN(date.getTime())) {
        return '';
    }
    const two = number => String(number).padStart(2, '0');
    return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:`
        + `${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** How long ago something was: "just now", "5 min ago". */
export function ago(iso, now = Date.now()) {
    const passed = now - new Date(iso).getTime();
    if (!Number.isFinite(passed)) {
        return '';
    }
    if (passed < 5 * SECOND) {
        return 'just now';
    }
    const units = [[DAY, 'd'], [HOUR, 'h'], [MINUTE, 'min'], [SECOND, 's']];
    const [size, name] = units.find(([unit]) => passed >= unit);
    return `${Math.floor(passed / size)} ${name} ago`;
}

/** Values of settings with what they mean to a person: retention.ms=604800000 → "7 d". */
export function settingMeaning(name, value) {
    if (value === null || value === undefined || !/^-?\d+$/.test(String(value))) {
        return '';
    }
    const number = Number(value);
    if (name.endsWith('.ms')) {
        if (number === -1) {
            return 'unlimited';
        }
        return number > 100 * 365 * DAY ? 'practically unlimited' : duration(number);
    }
    if (name.endsWith('.bytes') || name.endsWith('.bytes.per.second')) {
        return number === -1 ? 'unlimited' : number >= 1024 ? bytes(number) : '';
    }
    return '';
}

const HEX_ROW = 16;

/** "48656c6c6f" → rows of {offset, hex, text} of 16 bytes, as hex dumps look. */
export function hexRows(hex) {
    const rows = [];
    for (let at = 0; at < hex.length; at += HEX_ROW * 2) {
        const pairs = hex.slice(at, at + HEX_ROW * 2).match(/../g) ?? [];
        rows.push({
            offset: (at / 2).toString(16).padStart(6, '0'),
            hex: pairs.join(' '),
            text: pairs.map(pair => {
                const code = parseInt(pair, 16);
                return code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : '·';
            }).join(''),
        });
    }
    return rows;
}

/** UTF-8 bytes of a text as hex. */
export function hexOfText(text) {
    return Array.from(new TextEncoder().encode(text), byte => byte.toString(16).padStart(2, '0')).join('');
}

/** Hex, with blanks allowed, as bytes; null when it is not hex. */
export function bytesOfHex(hex) {
    const digits = hex.replace(/\s+/g, '');
    if (digits.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(digits)) {
        return null;
    }
    return Uint8Array.from(digits.match(/../g) ?? [], pair => parseInt(pair, 16));
}

/** Hex as text, with a mark for what is no UTF-8. */
export function textOfHex(hex) {
    const found = bytesOfHex(hex);
    return found === null ? '' : new TextDecoder().decode(found);
}

/** Bytes as base64, in pieces because a call takes only so many arguments. */
export function base64(raw) {
    let binary = '';
    for (let at = 0; at < raw.length; at += 8192) {
        binary += String.fromCharCode(...raw.subarray(at, at + 8192));
    }
    return btoa(binary);
}

export function base64OfText(text) {
    return base64(new TextEncoder().encode(text));
}
