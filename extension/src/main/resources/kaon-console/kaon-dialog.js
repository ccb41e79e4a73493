// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html} from 'lit';
import {icon} from './icons.js';
import {shared} from './style.js';

/**
 * A form in front of the page. It opens when it is put into the page; Escape, its cross and a click beside it end it with
 * the event `closed`, and the focus goes back to where it was. Its buttons are in the slot `actions`.
 */
class KaonDialog extends LitElement {
    static properties = {heading: {}, wide: {type: Boolean, reflect: true}, busy: {type: Boolean}};

    static styles = [shared, css`
        :host { display: contents; }
        dialog {
            width: min(520px, calc(100vw - 32px)); max-height: min(86vh, 900px); padding: 0; border: 1px solid var(--k-line);
            border-radius: 12px; background: var(--k-surface); color: var(--k-text); box-shadow: var(--k-shadow);
            overflow: hidden; flex-direction: column;
        }
        dialog[open] { display: flex; }
        :host([wide]) dialog { width: min(820px, calc(100vw - 32px)); }
        dialog::backdrop { background: rgba(10, 14, 22, 0.42); }
        @media (prefers-reduced-motion: no-preference) {
            dialog[open] { animation: rise 130ms ease-out; }
            @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
        }
        header { display: flex; align-items: center; gap: 12px; padding: 16px 20px 0; }
        header h2 { flex: 1; font-size: 16px; overflow-wrap: anywhere; }
        .body { padding: 16px 20px 20px; overflow-y: auto; }
        footer {
            display: flex; justify-content: flex-end; align-items: center; gap: 8px; padding: 12px 20px;
            border-top: 1px solid var(--k-line);
        }
    `];

    firstUpdated() {
        const dialog = this.renderRoot.querySelector('dialog');
        dialog.showModal();
        const wanted = this.querySelector('[autofocus]') ?? this.querySelector('input, select, textarea');
        wanted?.focus();
    }

    render() {
        return html`<dialog aria-labelledby="heading" @cancel=${this.#cancel} @click=${this.#beside}>
            <header>
                <h2 id="heading">${this.heading}</h2>
                <button class="quiet square" type="button" aria-label="Close" @click=${this.close}>${icon('close')}</button>
            </header>
            <div class="body"><slot></slot></div>
            <footer><slot name="actions"></slot></footer>
        </dialog>`;
    }

    #cancel = event => {
        event.preventDefault();
        this.close();
    };

    #beside = event => {
        if (event.target === event.currentTarget) {
            this.close();
        }
    };

    close = () => {
        if (!this.busy) {
            this.dispatchEvent(new CustomEvent('closed'));
        }
    };
}

customElements.define('kaon-dialog', KaonDialog);
