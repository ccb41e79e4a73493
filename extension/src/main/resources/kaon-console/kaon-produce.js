// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {isNull} from './datum.js';
import {base64, base64OfText, bytesOfHex, count, moment} from './format.js';
import {icon} from './icons.js';
import {field, say, segments, trouble} from './parts.js';
import {looksLikeJson, pretty} from './json.js';
import {shared} from './style.js';
import './kaon-dialog.js';

const KINDS = [['text', 'Text'], ['json', 'JSON'], ['hex', 'Hex'], ['null', 'Null']];

/** The form that writes a record, empty or filled with one that is there. */
class KaonProduce extends LitElement {
    static properties = {
        topic: {}, partitions: {type: Number}, template: {attribute: false},
        key: {state: true}, value: {state: true}, headers: {state: true}, wrong: {state: true}, problem: {state: true},
        busy: {state: true}, sent: {state: true},
    };

    static styles = [shared, css`
        .head-row { display: flex; align-items: center; justify-content: space-between; gap: 8px; }
        .header { display: grid; grid-template-columns: 1fr 1.4fr auto; gap: 8px; }
        .header + .header { margin-top: 8px; }
        textarea { width: 100%; }
        #value { min-height: 170px; }
        .sent { flex: 1; font-size: 12.5px; color: var(--k-good); }
    `];

    constructor() {
        super();
        this.template = null;
        this.key = {kind: 'null', text: ''};
        this.value = {kind: 'json', text: ''};
        this.headers = [];
        this.wrong = {};
        this.problem = null;
        this.busy = false;
        this.sent = null;
    }

    willUpdate(changed) {
        if (changed.has('template') && this.template) {
            this.key = draftOf(this.template.key);
            this.value = draftOf(this.template.value);
            this.headers = this.template.headers.map(({name, value}) => ({name, ...draftOf(value)}));
        }
    }

    render() {
        const names = {...this.problem?.fields, ...this.wrong};
        const placed = ['partition_id', 'timestamp', 'key', 'value', 'headers'];
        const unplaced = this.problem && !Object.keys(this.problem.fields ?? {}).some(name => placed.some(at => name.startsWith(at)));
        return html`<kaon-dialog wide .heading=${`Produce to ${this.topic}`} .busy=${this.busy} @closed=${this.#close}
                @keydown=${this.#keys}>
            <form class="fields" novalidate @submit=${this.#submit}>
                ${unplaced ? trouble(this.problem) : nothing}
                <div class="fields two">
                    ${field({id: 'partition', label: 'Partition', wrong: names.partition_id}, html`
                        <input id="partition" inputmode="numeric" placeholder="as the key says" .value=${''}
                            aria-invalid=${names.partition_id ? 'true' : 'false'}>`)}
                    ${field({id: 'timestamp', label: 'Time', wrong: names.timestamp}, html`
                        <input id="timestamp" type="datetime-local" step="0.001" aria-invalid=${names.timestamp ? 'true' : 'false'}>`)}
                </div>
                ${this.#datum('key', 'Key', 2, saidOf(names, 'key'))}
                ${this.#datum('value', 'Value', 8, saidOf(names, 'value'))}
                <div class="field">
                    <div class="head-row"><span class="label">Headers</span>
                        <button class="small" type="button" @click=${this.#addHeader}>${icon('plus')} Add a header</button></div>
                    ${this.headers.map((header, at) => this.#header(header, at))}
                    ${saidOf(names, 'headers') ? html`<span class="wrong" role="alert">${saidOf(names, 'headers')}</span>` : nothing}
                </div>
            </form>
            <span slot="actions" class="sent" role="status">${this.sent ?? nothing}</span>
            <button slot="actions" @click=${this.#close}>Close</button>
            <button slot="actions" class="primary" ?disabled=${this.busy} title="Ctrl+Enter" @click=${this.#submit}>
                ${icon('send')} Send</button>
        </kaon-dialog>`;
    }

    #datum(name, label, rows, wrong) {
        const draft = this[name];
        return html`<div class="field">
            <div class="head-row"><label for=${name}>${label}</label>
                ${segments(`Kind of ${name}`, KINDS, draft.kind, kind => { this[name] = turned(draft, kind); }, 'small')}</div>
            ${draft.kind === 'null' ? nothing : html`<textarea id=${name} rows=${rows} spellcheck="false" .value=${draft.text}
                ?autofocus=${name === 'value'} aria-invalid=${wrong ? 'true' : 'false'}
                @input=${event => { this[name] = {...this[name], text: event.target.value}; }}></textarea>`}
            ${wrong ? html`<span class="wrong" role="alert">${wrong}</span>` : nothing}
            ${name === 'value' && draft.kind === 'null'
                ? html`<span class="hint">A tombstone: in a compacted topic it removes what the key had.</span>` : nothing}
        </div>`;
    }

    #header(header, at) {
        return html`<div class="header">
            <input aria-label="Name of header ${at + 1}" placeholder="name" .value=${header.name}
                @input=${event => { header.name = event.target.value; }}>
            <input aria-label="Value of header ${at + 1}" placeholder=${header.kind === 'hex' ? 'hex' : 'value'}
                .value=${header.text} @input=${event => {
                    header.text = event.target.value;
                    header.kind = header.kind === 'null' ? 'text' : header.kind;
                }}>
            <button class="quiet square" type="button" aria-label="Remove header ${at + 1}"
                @click=${() => { this.headers = this.headers.filter(one => one !== header); }}>${icon('close')}</button>
        </div>`;
    }

    #addHeader = async () => {
        this.headers = [...this.headers, {name: '', kind: 'text', text: ''}];
        await this.updateComplete;
        [...this.renderRoot.querySelectorAll('.header')].at(-1).querySelector('input').focus();
    };

    #close = () => this.dispatchEvent(new CustomEvent('closed'));

    #keys = event => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
            this.#submit(event);
        }
    };

    #submit = async event => {
        event.preventDefault();
        if (this.busy) {
            return;
        }
        this.wrong = checks(this.key, 'key', checks(this.value, 'value', {}));
        if (Object.keys(this.wrong).length > 0) {
            return;
        }
        const partition = this.renderRoot.querySelector('#partition').value.trim();
        const time = this.renderRoot.querySelector('#timestamp').value;
        this.busy = true;
        this.problem = null;
        try {
            const stored = await api.produce(this.topic, {
                partition_id: partition === '' ? undefined : /^-?\d{1,9}$/.test(partition) ? Number(partition) : partition,
                timestamp: time === '' ? undefined : new Date(time).toISOString(),
                headers: this.headers.filter(header => header.name !== '')
                    .map(header => ({name: header.name, value: header.kind === 'null' ? null : bytesOf(header)})),
                key: sentAs(this.key),
                value: sentAs(this.value),
            });
            this.sent = `Written: partition ${stored.partition_id}, offset ${count(stored.offset)}, ${moment(new Date()).slice(11, 19)}.`;
            this.dispatchEvent(new CustomEvent('sent'));
        } catch (problem) {
            this.problem = problem;
            this.sent = null;
            say(this, 'The record was not written.');
        }
        this.busy = false;
    };
}

function draftOf(datum) {
    if (isNull(datum)) {
        return {kind: 'null', text: ''};
    }
    switch (datum.type) {
        case 'JSON':
            return {kind: 'json', text: pretty(datum.data)};
        case 'BINARY':
            return {kind: 'hex', text: datum.data};
        default:
            return {kind: 'text', text: datum.data};
    }
}

function turned(draft, kind) {
    return {kind, text: kind === 'json' && looksLikeJson(draft.text) ? pretty(draft.text) : draft.text};
}

function checks(draft, name, found) {
    if (draft.kind === 'json' && !isJson(draft.text)) {
        return {...found, [name]: 'This is not JSON. Choose Text to send it as it is.'};
    }
    if (draft.kind === 'hex' && bytesOfHex(draft.text) === null) {
        return {...found, [name]: 'Hex is pairs of the digits 0 to 9 and a to f; blanks may stand between them.'};
    }
    return found;
}

function isJson(text) {
    try {
        JSON.parse(text);
        return true;
    } catch {
        return false;
    }
}

/** JSON goes as the text that was typed: read into numbers and written again it might not be the same. */
function sentAs(draft) {
    switch (draft.kind) {
        case 'null':
            return undefined;
        case 'hex':
            return {type: 'BINARY', data: base64(bytesOfHex(draft.text))};
        default:
            return {type: 'STRING', data: draft.text};
    }
}

function bytesOf(header) {
    const raw = header.kind === 'hex' ? bytesOfHex(header.text) : null;
    return raw === null ? base64OfText(header.text) : base64(raw);
}

function saidOf(names, part) {
    return Object.entries(names).find(([name]) => name === part || name.startsWith(`${part}.`) || name.startsWith(`${part}[`))?.[1];
}

customElements.define('kaon-produce', KaonProduce);
