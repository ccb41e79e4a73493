// SPDX-License-Identifier: Apache-2.0
import {LitElement, html} from 'lit';
import {api} from './api.js';
import {field} from './parts.js';
import {icon} from './icons.js';
import {shared} from './style.js';
import './kaon-dialog.js';

/** Where an export begins and ends; the browser stores what the server streams. */
class KaonExport extends LitElement {
    static properties = {topic: {}, href: {state: true}};

    static styles = shared;

    #limits = {from: '', to: ''};

    constructor() {
        super();
        this.href = null;
    }

    connectedCallback() {
        super.connectedCallback();
        this.#address();
    }

    render() {
        const hint = 'An offset, or a time such as 2026-03-01T12:00:00Z.';
        return html`<kaon-dialog heading="Export records" @closed=${this.#close}>
            <div class="fields">
                <p class="muted">A file of lines of JSON, one for each record. The same file fills a topic again: name it as the topic’s
                    <code>records-file</code>.</p>
                <div class="fields two">
                    ${field({id: 'from', label: 'From', hint}, html`<input id="from" placeholder="the beginning"
                        @input=${event => this.#set('from', event.target.value)}>`)}
                    ${field({id: 'to', label: 'Up to, without it', hint}, html`<input id="to" placeholder="the end"
                        @input=${event => this.#set('to', event.target.value)}>`)}
                </div>
            </div>
            <button slot="actions" @click=${this.#close}>Cancel</button>
            <a slot="actions" class="button" href=${this.href ?? '#'} download="${this.topic}.jsonl" @click=${this.#close}>
                ${icon('download')} Export</a>
        </kaon-dialog>`;
    }

    #set(name, value) {
        this.#limits = {...this.#limits, [name]: value.trim()};
        this.#address();
    }

    async #address() {
        this.href = await api.exportUrl(this.topic, this.#limits);
    }

    #close = () => this.dispatchEvent(new CustomEvent('closed'));
}

customElements.define('kaon-export', KaonExport);
