// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {icon} from './icons.js';
import {shared} from './style.js';

/** A button with more to do behind it. `items`: [{text, icon, danger, run}]. */
class KaonMenu extends LitElement {
    static properties = {label: {}, items: {attribute: false}, open: {state: true}};

    static styles = [shared, css`
        :host { position: relative; display: inline-block; }
        ul {
            position: absolute; right: 0; top: calc(100% + 6px); z-index: 8; min-width: 200px; padding: 5px;
            background: var(--k-surface); border: 1px solid var(--k-line); border-radius: 10px; box-shadow: var(--k-shadow);
        }
        li button { width: 100%; justify-content: flex-start; border: 0; background: transparent; gap: 10px; }
    `];

    constructor() {
        super();
        this.open = false;
        this.items = [];
        this.addEventListener('focusout', event => {
            if (!event.relatedTarget || !this.renderRoot.contains(event.relatedTarget)) {
                this.open = false;
            }
        });
        this.addEventListener('keydown', event => this.#key(event));
    }

    render() {
        return html`<button class="square" aria-haspopup="menu" aria-expanded=${this.open ? 'true' : 'false'}
                aria-label=${this.label} @click=${this.#turn}>${icon('more')}</button>
            ${this.open ? html`<ul role="menu">${this.items.map(item => html`<li role="none">
                <button role="menuitem" class=${item.danger ? 'danger' : ''} @click=${() => this.#run(item)}>
                    ${icon(item.icon)} ${item.text}</button></li>`)}</ul>` : nothing}`;
    }

    #turn = () => {
        this.open = !this.open;
    };

    #run(item) {
        this.open = false;
        this.renderRoot.querySelector('button').focus();
        item.run();
    }

    #key(event) {
        if (event.key === 'Escape' && this.open) {
            this.open = false;
            this.renderRoot.querySelector('button').focus();
            event.stopPropagation();
        } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            this.open = true;
            this.updateComplete.then(() => this.#move(event.key === 'ArrowDown' ? 1 : -1));
        }
    }

    #move(step) {
        const buttons = [...this.renderRoot.querySelectorAll('[role=menuitem]')];
        const at = buttons.indexOf(this.renderRoot.activeElement);
        buttons.at((at === -1 && step === -1 ? 0 : at + buttons.length + step) % buttons.length)?.focus();
    }
}

customElements.define('kaon-menu', KaonMenu);
