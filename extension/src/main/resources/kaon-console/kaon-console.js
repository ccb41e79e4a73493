// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {icon} from './icons.js';
import {Poll} from './poll.js';
import * as route from './route.js';
import {devUiTokens, shared} from './style.js';
import {isDark, toggleTheme} from './theme.js';
import './kaon-acls.js';
import './kaon-application.js';
import './kaon-brokers.js';
import './kaon-group.js';
import './kaon-groups.js';
import './kaon-topic.js';
import './kaon-topics.js';
import './kaon-transactions.js';
import './kaon-work.js';

const SECTIONS = [
    ['application', 'Application', 'map'],
    ['topics', 'Topics', 'topics'],
    ['groups', 'Consumer groups', 'groups'],
    ['transactions', 'Transactions', 'transactions'],
    ['brokers', 'Brokers', 'brokers'],
    ['acls', 'ACLs', 'acls'],
];
const SAID_MS = 5000;

/**
 * The console: finds the page that the fragment names. With `section` it is one page of Dev UI, which has a frame of its own.
 */
class KaonConsole extends LitElement {
    static properties = {section: {}, place: {state: true}, said: {state: true}};

    static styles = [shared, css`
        :host { min-height: 100%; background: var(--k-bg); }
        .frame { display: grid; grid-template-columns: 216px minmax(0, 1fr); min-height: 100vh; }
        nav {
            position: sticky; top: 0; height: 100vh; display: flex; flex-direction: column; padding: 18px 12px 12px;
            border-right: 1px solid var(--k-line); background: var(--k-surface);
        }
        .brand { display: flex; align-items: center; gap: 10px; padding: 0 8px 18px; font-weight: 660; font-size: 17px;
            letter-spacing: -0.02em; color: var(--k-text); }
        .brand img { width: 26px; height: 26px; }
        nav ul { display: grid; gap: 2px; }
        nav li a {
            display: flex; align-items: center; gap: 10px; padding: 7px 10px; border-radius: 7px; color: var(--k-muted);
            font-weight: 520; font-size: 13.5px;
        }
        nav li a:hover { background: var(--k-hover); color: var(--k-text); text-decoration: none; }
        nav li a[aria-current='page'] { background: var(--k-accent-soft); color: var(--k-accent); }
        .below { display: flex; align-items: center; gap: 8px; padding: 8px 4px 0 10px; font-size: 12px;
            color: var(--k-muted); }
        .below .id { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
        main { padding: 26px 32px 72px; max-width: 1480px; width: 100%; }
        .embedded main { padding: 16px 20px 72px; max-width: none; }
        nav kaon-work { margin-top: auto; }
        .skip { position: absolute; left: -9999px; }
        .skip:focus { left: 12px; top: 12px; z-index: 5; background: var(--k-surface); padding: 8px 12px; }
        .said {
            position: fixed; left: 50%; bottom: 26px; transform: translateX(-50%); z-index: 20; max-width: min(640px, 92vw);
            display: flex; gap: 10px; align-items: center; padding: 10px 16px; border-radius: 10px;
            background: var(--k-text); color: var(--k-bg); box-shadow: var(--k-shadow); font-size: 13.5px;
        }
        @media (max-width: 760px) {
            .frame { grid-template-columns: minmax(0, 1fr); }
            nav { position: static; height: auto; border-right: 0; border-bottom: 1px solid var(--k-line); padding: 12px; }
            nav ul { grid-auto-flow: column; overflow-x: auto; justify-content: start; }
            .brand, .below { display: none; }
            main { padding: 18px 16px 72px; }
        }
    `];

    #cluster = null;
    #stop = null;
    #timer = null;
    #poll = new Poll(this, async () => {
        this.#cluster = await api.cluster();
    }, 10_000);

    constructor() {
        super();
        this.place = route.here();
        this.said = null;
        this.addEventListener('click', route.follow);
        this.addEventListener('kaon-say', event => this.#say(event.detail));
    }

    createRenderRoot() {
        const root = super.createRenderRoot();
        if (this.section) {
            root.adoptedStyleSheets = [...root.adoptedStyleSheets, devUiTokens.styleSheet];
        }
        return root;
    }

    connectedCallback() {
        super.connectedCallback();
        this.#stop = route.onChange(place => {
            this.place = place;
        });
        this.place = route.here();
        window.addEventListener('keydown', this.#key);
    }

    disconnectedCallback() {
        super.disconnectedCallback();
        window.removeEventListener('keydown', this.#key);
        this.#stop?.();
        clearTimeout(this.#timer);
    }

    render() {
        const parts = this.place.parts.length > 0 ? this.place.parts : [this.section ?? 'topics'];
        const page = html`<main id="main" tabindex="-1">${this.#page(parts)}</main>
            ${this.said ? html`<div class="said" role="status">${this.said}</div>` : nothing}`;
        if (this.section) {
            return html`<div class="embedded">${page}<kaon-work class="floating"></kaon-work></div>`;
        }
        return html`<div class="frame">
            <nav aria-label="Console">
                <a class="skip" href="#main" @click=${this.#skip}>To the content</a>
                <div class="brand"><img src="kaon.svg" alt="">Kaon</div>
                <ul>${SECTIONS.map(([id, name, drawing]) => html`<li>
                    <a href=${route.link([id])} aria-current=${parts[0] === id ? 'page' : 'false'}>
                        ${icon(drawing)}${name}</a></li>`)}</ul>
                <kaon-work></kaon-work>
                <div class="below">
                    <span class="id" title="Cluster id">${this.#cluster?.cluster_id}</span>
                    <button class="quiet square" aria-label="Change between light and dark" @click=${this.#turn}>
                        ${icon(isDark() ? 'sun' : 'moon')}</button>
                </div>
            </nav>
            <div>${page}</div>
        </div>`;
    }

    #page([section, name, tab]) {
        switch (section) {
            case 'application':
                return html`<kaon-application .channel=${name ?? null}></kaon-application>`;
            case 'groups':
                return name === undefined
                    ? html`<kaon-groups .search=${this.place.query.search ?? ''}></kaon-groups>`
                    : html`<kaon-group .group=${name}></kaon-group>`;
            case 'transactions':
                return html`<kaon-transactions></kaon-transactions>`;
            case 'brokers':
                return html`<kaon-brokers .broker=${name ?? null} .tab=${tab ?? 'disks'}></kaon-brokers>`;
            case 'acls':
                return html`<kaon-acls></kaon-acls>`;
            default:
                return name === undefined
                    ? html`<kaon-topics .query=${this.place.query}></kaon-topics>`
                    : html`<kaon-topic .topic=${name} .tab=${tab ?? 'records'} .query=${this.place.query}></kaon-topic>`;
        }
    }

    #skip = event => {
        event.preventDefault();
        event.stopPropagation();
        this.renderRoot.querySelector('main').focus();
    };

    #turn = () => {
        toggleTheme();
        this.requestUpdate();
    };

    #say({text}) {
        this.said = text;
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.said = null;
        }, SAID_MS);
    }

    /** A slash goes to the search of the page, unless somebody writes. Nothing has the focus at first: so from anywhere. */
    #key = event => {
        const from = event.composedPath()[0];
        if (event.key !== '/' || ['INPUT', 'TEXTAREA', 'SELECT'].includes(from.tagName)) {
            return;
        }
        const page = this.renderRoot.querySelector('main').firstElementChild;
        const box = findSearch(page);
        if (box) {
            event.preventDefault();
            box.focus();
        }
    };
}

function findSearch(page) {
    const root = page?.shadowRoot;
    if (!root) {
        return null;
    }
    return root.querySelector('input[type=search]') ?? [...root.querySelectorAll('*')].map(findSearch).find(Boolean) ?? null;
}

customElements.define('kaon-console', KaonConsole);
