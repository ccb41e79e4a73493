// SPDX-License-Identifier: Apache-2.0
// Where the console stands is kept in the fragment of the address: #topics/orders/records?partition=0. A reload stays there.

/** '#topics/a%2Fb?x=1' → {parts: ['topics', 'a/b'], query: {x: '1'}}. */
export function parse(fragment) {
    const [path, query = ''] = fragment.replace(/^#\/?/, '').split('?', 2);
    const parts = path.split('/').filter(part => part !== '').map(decode);
    return {parts, query: Object.fromEntries(new URLSearchParams(query))};
}

function decode(part) {
    try {
        return decodeURIComponent(part);
    } catch {
        return part;
    }
}

/** The fragment of a place; members of the query without a value are left out. */
export function link(parts, query = {}) {
    const kept = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
    const search = new URLSearchParams(kept.map(([name, value]) => [name, String(value)])).toString();
    return `#${parts.map(encodeURIComponent).join('/')}${search ? `?${search}` : ''}`;
}

const listeners = new Set();
// Dev UI's router goes by popstate: this state tells it to look away, the page is the same one.
const OURS = 'vaadin-router-ignore';

export function here() {
    return parse(window.location.hash);
}

/** Goes to a place: a new entry of the history. */
export function go(parts, query) {
    window.history.pushState(OURS, '', link(parts, query));
    tell();
}

/** Changes what the place says of itself (a search, a page) without a new entry of the history. */
export function refine(query) {
    const {parts, query: old} = here();
    window.history.replaceState(OURS, '', link(parts, {...old, ...query}));
    tell();
}

/** Calls back whenever the place changes; returns what ends it. */
export function onChange(listener) {
    if (listeners.size === 0) {
        window.addEventListener('popstate', tell);
        window.addEventListener('hashchange', tell);
    }
    listeners.add(listener);
    return () => {
        listeners.delete(listener);
        if (listeners.size === 0) {
            window.removeEventListener('popstate', tell);
            window.removeEventListener('hashchange', tell);
        }
    };
}

let told = null;

function tell() {
    if (told === window.location.hash) {
        return;
    }
    told = window.location.hash;
    listeners.forEach(listener => listener(here()));
}

/** Lets links within the console change the fragment only, whatever router the page around it has. */
export function follow(event) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) {
        return;
    }
    const anchor = event.composedPath().find(node => node.tagName === 'A');
    const target = anchor?.getAttribute('href');
    if (target?.startsWith('#')) {
        event.preventDefault();
        event.stopPropagation();
        const {parts, query} = parse(target);
        go(parts, query);
    }
}
