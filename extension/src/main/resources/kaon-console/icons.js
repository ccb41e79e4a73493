// SPDX-License-Identifier: Apache-2.0
// Line drawings on a grid of 24, drawn for this console.
import {html, svg} from 'lit';

const PATHS = {
    map: svg`<circle cx="5" cy="6" r="2.5"/><circle cx="19" cy="12" r="2.5"/><circle cx="5" cy="18" r="2.5"/>
        <path d="M7.5 6.5c5 .5 5 4.5 9 5.2M7.5 17.5c5-.5 5-4.5 9-5.2"/>`,
    topics: svg`<rect x="3.5" y="4.5" width="17" height="4" rx="1.5"/><rect x="3.5" y="10" width="17" height="4" rx="1.5"/>
        <rect x="3.5" y="15.5" width="17" height="4" rx="1.5"/>`,
    groups: svg`<circle cx="9" cy="8.5" r="3"/><path d="M3.5 19c.4-3.4 2.6-5.3 5.5-5.3s5.1 1.9 5.5 5.3"/>
        <path d="M15.5 5.8a3 3 0 0 1 0 5.4M17 14.2c2 .6 3.2 2.3 3.5 4.8"/>`,
    transactions: svg`<path d="M4 8.5h14.5M15 5l3.5 3.5L15 12M20 15.5H5.5M9 12l-3.5 3.5L9 19"/>`,
    brokers: svg`<rect x="4" y="4" width="16" height="6.5" rx="1.8"/><rect x="4" y="13.5" width="16" height="6.5" rx="1.8"/>
        <path d="M7.5 7.3h.01M7.5 16.8h.01M11 7.3h5M11 16.8h5"/>`,
    acls: svg`<path d="M12 3.5l7 2.8v5.2c0 4.3-2.9 7.5-7 9-4.1-1.5-7-4.7-7-9V6.3z"/><path d="M9 12l2.2 2.2L15.3 10"/>`,
    search: svg`<circle cx="11" cy="11" r="6"/><path d="M15.5 15.5L20 20"/>`,
    plus: svg`<path d="M12 5v14M5 12h14"/>`,
    close: svg`<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>`,
    trash: svg`<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.5 11v5M13.5 11v5"/>`,
    empty: svg`<path d="M4 13l2.5-8h11L20 13v6H4z"/><path d="M4 13h4.5l1.2 2.5h4.6L15.5 13H20"/>`,
    send: svg`<path d="M4.5 12L20 4.5 15.5 20l-3.7-6.2z"/><path d="M11.8 13.8L20 4.5"/>`,
    download: svg`<path d="M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 19.5h14"/>`,
    copy: svg`<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.5V6a1.5 1.5 0 0 0-1.5-1.5H6A1.5 1.5 0 0 0 4.5 6v8
        A1.5 1.5 0 0 0 6 15.5h2.5"/>`,
    edit: svg`<path d="M5 19l.8-3.8L16 5l3 3L8.8 18.2z"/>`,
    pause: svg`<path d="M9 6v12M15 6v12"/>`,
    play: svg`<path d="M8 5.5l10 6.5-10 6.5z"/>`,
    left: svg`<path d="M14.5 6L8.5 12l6 6"/>`,
    right: svg`<path d="M9.5 6l6 6-6 6"/>`,
    more: svg`<path d="M6 12h.01M12 12h.01M18 12h.01"/>`,
    refresh: svg`<path d="M19 12a7 7 0 1 1-2.2-5.1M19.5 4v4h-4"/>`,
    rewind: svg`<path d="M5 12a7 7 0 1 0 2.2-5.1M4.5 4v4h4"/><path d="M12 8.5V12l2.5 1.8"/>`,
    warning: svg`<path d="M12 4.5L21 19.5H3z"/><path d="M12 10v4.5M12 17h.01"/>`,
    sun: svg`<circle cx="12" cy="12" r="3.8"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6L7 7M17 17l1.4 1.4M5.6 18.4L7 17
        M17 7l1.4-1.4"/>`,
    moon: svg`<path d="M19 14.5A7.5 7.5 0 0 1 9.5 5a7.5 7.5 0 1 0 9.5 9.5z"/>`,
    disk: svg`<ellipse cx="12" cy="6.5" rx="7.5" ry="3"/><path d="M4.5 6.5v11c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3v-11
        M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3"/>`,
    letter: svg`<rect x="4" y="5.5" width="16" height="13" rx="2"/><path d="M4.5 7.5L12 13l7.5-5.5"/>`,
    check: svg`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,
};

/** A drawing beside a word that says the same: hidden from screen readers. */
export function icon(name) {
    return html`<svg class="icon" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.7"
        stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${PATHS[name]}</svg>`;
}
