// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {field, trouble} from './parts.js';
import {shared} from './style.js';
import './kaon-dialog.js';

/**
 * Asks before something is lost: the name of what is lost has to be typed. `run` does it; what it fails with is shown here.
 * Ends with `closed`, or with `done` when it is done.
 */
class KaonConfirm extends LitElement {
    static properties = {
        heading: {}, text: {}, word: {}, action: {}, run: {attribute: false}, typed: {state: true}, busy: {state: true},
        problem: {state: true},
    };

    static styles = [shared, css`
        .word { font-family: var(--k-mono); background: var(--k-sunken); border-radius: 4px; padding: 1px 5px;
            overflow-wrap: anywhere; user-select: all; }
    `];

    constructor() {
        super();
        this.typed = '';
        this.busy = false;
        this.problem = null;
    }

    render() {
        return html`<kaon-dialog .heading=${this.heading} .busy=${this.busy} @closed=${this.#close}>
            <form class="fields" @submit=${this.#submit}>
                ${trouble(this.problem)}
                <p>${this.text}</p>
                ${this.word ? field({id: 'word', label: html`Type <span class="word">${this.word}</span> to confirm`},
                    html`<input id="word" autofocus autocomplete="off" spellcheck="false" .value=${this.typed}
                        @input=${event => { this.typed = event.target.value; }}>`) : nothing}
                <button hidden type="submit"></button>
            </form>
            <button slot="actions" type="button" @click=${this.#close}>Cancel</button>
            <button slot="actions" class="danger primary" type="button" ?disabled=${!this.#mayRun()} @click=${this.#submit}>
                ${this.action}</button>
        </kaon-dialog>`;
    }

    #mayRun() {
        return !this.busy && (!this.word || this.typed === this.word);
    }

    #close = () => this.dispatchEvent(new CustomEvent('closed'));

    #submit = async event => {
        event.preventDefault();
        if (!this.#mayRun()) {
            return;
        }
        this.busy = true;
        this.problem = null;
        try {
            await this.run();
            this.dispatchEvent(new CustomEvent('done'));
        } catch (problem) {
            this.problem = problem;
        }
        this.busy = false;
    };
}

customElements.define('kaon-confirm', KaonConfirm);
