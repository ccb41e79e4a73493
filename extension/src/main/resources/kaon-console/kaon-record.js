// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {isNull, preview, shownAs, views} from './datum.js';
import {bytes, count, hexRows, moment} from './format.js';
import {icon} from './icons.js';
import {coloured, say, segments, trouble} from './parts.js';
import {shared} from './style.js';

const NAMES = {json: 'JSON', text: 'Text', hex: 'Hex'};
/** A hex view of more is cut: nobody reads on, and the page stays quick. */
const MAX_HEX_ROWS = 4096;

/** One record, whole: its key, value and headers in the ways one can look at them. */
class KaonRecord extends LitElement {
    static properties = {
        topic: {}, record: {attribute: false}, whole: {state: true}, view: {state: true}, urls: {state: true},
        problem: {state: true},
    };

    static styles = [shared, css`
        .panel { max-height: calc(100vh - 32px); overflow: auto; }
        header { display: flex; align-items: center; gap: 4px; padding: 10px 10px 10px 16px; border-bottom: 1px solid var(--k-line);
            position: sticky; top: 0; background: var(--k-surface); z-index: 1; }
        header h2 { flex: 1; font-variant-numeric: tabular-nums; }
        .content { padding: 14px 16px; display: grid; gap: 16px; }
        .part .row { min-height: 26px; margin-bottom: 6px; }
        .part h3 { display: inline-flex; gap: 8px; }
        .part h3 .muted { font-weight: 400; }
        pre {
            margin: 0; padding: 10px 12px; border-radius: 8px; background: var(--k-sunken); font-family: var(--k-mono);
            font-size: 12.5px; line-height: 1.55; white-space: pre-wrap; overflow-wrap: anywhere; max-height: 55vh; overflow: auto;
            tab-size: 4;
        }
        pre.hex { white-space: pre; overflow-wrap: normal; }
        .null { color: var(--k-muted); font-style: italic; }
        .cut { margin-top: 6px; font-size: 12.5px; color: var(--k-warn); display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
        table { table-layout: fixed; font-size: 12.5px; }
        th, td { padding: 6px 0; vertical-align: top; font-family: var(--k-mono); overflow-wrap: anywhere; white-space: normal; }
        th { width: 36%; color: var(--k-muted); font-weight: 400; padding-right: 12px; }
        tbody tr:last-child th { border-bottom: 0; }
        tbody tr:hover td { background: transparent; }
    `];

    constructor() {
        super();
        this.view = {};
        this.whole = null;
        this.urls = {};
        this.problem = null;
    }

    willUpdate(changed) {
        if (changed.has('record')) {
            this.whole = null;
            this.problem = null;
            this.view = {};
            this.#address();
        }
    }

    async #address() {
        const {record, topic} = this;
        const url = part => api.partUrl(topic, record.partition_id, record.offset, part);
        const urls = {key: await url('key'), value: await url('value')};
        if (record === this.record) {
            this.urls = urls;
        }
    }

    render() {
        const record = this.whole ?? this.record;
        return html`<section class="panel" aria-label="Record" @keydown=${this.#key}>
            <header>
                <h2>Partition ${record.partition_id} · Offset ${count(record.offset)}</h2>
                <button class="quiet square small" aria-label="Record above" @click=${() => this.#step(-1)}>${icon('left')}</button>
                <button class="quiet square small" aria-label="Record below" @click=${() => this.#step(1)}>${icon('right')}</button>
                <button class="quiet square small" aria-label="Close the record" @click=${this.#close}>${icon('close')}</button>
            </header>
            <div class="content">
                ${trouble(this.problem)}
                <dl class="pairs">
                    <dt>Time</dt><dd title=${record.timestamp ?? ''}>${moment(record.timestamp) || 'none'}
                        <span class="muted">${record.timestamp_type === 'LOG_APPEND_TIME' ? '· written by the broker' : ''}</span></dd>
                    <dt>Size</dt><dd>${bytes(record.size)}</dd>
                </dl>
                ${this.#part('key', 'Key', record.key)}
                ${this.#part('value', 'Value', record.value)}
                ${this.#headers(record)}
                <div class="row">
                    <button @click=${this.#again}>${icon('edit')} Edit and send again</button>
                </div>
            </div>
        </section>`;
    }

    #part(name, title, datum) {
        const ways = views(datum);
        const view = ways.includes(this.view[name]) ? this.view[name] : ways[0];
        return html`<div class="part">
            <div class="row spread">
                <h3>${title} <span class="muted">${isNull(datum) ? nothing : bytes(datum.size)}</span></h3>
                <div class="row">${ways.length > 0 ? html`
                    ${segments(`Show the ${name} as`, ways.map(way => [way, NAMES[way]]), view,
                        chosen => { this.view = {...this.view, [name]: chosen}; }, 'small')}
                    <button class="quiet square small" aria-label="Copy the ${name}" @click=${() => this.#copy(datum, view)}>
                        ${icon('copy')}</button>` : nothing}</div>
            </div>
            ${isNull(datum) ? html`<pre class="null">null${name === 'value' ? ' – a tombstone' : ''}</pre>`
                : html`<pre class=${view} tabindex="0" aria-label=${title}>${shown(datum, view)}</pre>`}
            ${datum?.truncated ? html`<div class="cut">Cut: the first part of ${bytes(datum.size)}.
                ${this.whole ? html`<span>More cannot be shown.</span>` : html`
                    <button class="small" @click=${this.#load}>Load the whole</button>`}
                <a class="button" href=${this.urls[name] ?? '#'} download="${this.topic}-${this.record.partition_id}-${
                    this.record.offset}.${name}">${icon('download')} Download</a></div>` : nothing}
        </div>`;
    }

    #headers(record) {
        if (record.headers.length === 0) {
            return nothing;
        }
        const more = (record.headers_count ?? record.headers.length) - record.headers.length;
        return html`<div class="part">
            <div class="row"><h3>Headers <span class="muted">${count(record.headers_count ?? record.headers.length)}</span></h3></div>
            <table aria-label="Headers"><tbody>${record.headers.map(({name, value}) => html`<tr>
                <th scope="row">${name}</th><td class=${isNull(value) ? 'null' : ''}>${preview(value)}</td></tr>`)}</tbody></table>
            ${more > 0 ? html`<div class="cut">${count(more)} more. <button class="small" @click=${this.#load}>Load the whole</button>
                </div>` : nothing}
        </div>`;
    }

    #load = async () => {
        const {record} = this;
        try {
            const whole = await api.record(this.topic, record.partition_id, record.offset);
            if (record === this.record) {
                this.whole = whole;
            }
            return whole;
        } catch (problem) {
            this.problem = problem;
            return null;
        }
    };

    /** The form is filled with all of the record: what was cut is fetched first. */
    #again = async () => {
        const whole = isCut(this.record) ? this.whole ?? await this.#load() : this.record;
        if (whole === null) {
            return;
        }
        if (isCut(whole)) {
            this.problem = new Error('The record is too large to be edited here.');
            return;
        }
        this.dispatchEvent(new CustomEvent('produce', {detail: whole, bubbles: true, composed: true}));
    };

    async #copy(datum, view) {
        try {
            await navigator.clipboard.writeText(shownAs(datum, view));
            say(this, 'Copied.');
        } catch {
            this.problem = new Error('The browser does not let this page copy: mark the text and copy it by hand.');
        }
    }

    #close = () => this.dispatchEvent(new CustomEvent('closed'));

    #step(by) {
        this.dispatchEvent(new CustomEvent('step', {detail: by}));
    }

    #key = event => {
        if (event.key === 'Escape') {
            this.#close();
        }
    };
}

function isCut(record) {
    return Boolean(record.key?.truncated || record.value?.truncated || record.headers.some(header => header.value?.truncated)
        || (record.headers_count ?? 0) > record.headers.length);
}

function shown(datum, view) {
    const text = shownAs(datum, view);
    if (view === 'json') {
        return coloured(text);
    }
    if (view === 'hex') {
        const rows = hexRows(text.slice(0, MAX_HEX_ROWS * 32));
        return rows.map(row => `${row.offset}  ${row.hex.padEnd(47)}  ${row.text}`).join('\n');
    }
    return text;
}

customElements.define('kaon-record', KaonRecord);
