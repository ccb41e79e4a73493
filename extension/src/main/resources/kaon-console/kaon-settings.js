// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {settingMeaning} from './format.js';
import {icon} from './icons.js';
import {empty, say, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {shared} from './style.js';

const SOURCES = {
    DEFAULT_CONFIG: ['', 'default'],
    STATIC_BROKER_CONFIG: ['', 'broker'],
    DYNAMIC_BROKER_CONFIG: ['accent', 'set here'],
    DYNAMIC_DEFAULT_BROKER_CONFIG: ['accent', 'set for all brokers'],
    DYNAMIC_TOPIC_CONFIG: ['accent', 'set here'],
};

/** The settings of a topic or a broker, each changed where it stands. */
class KaonSettings extends LitElement {
    static properties = {
        of: {attribute: false}, filter: {state: true}, changedOnly: {state: true}, editing: {state: true}, problem: {state: true},
    };

    static styles = [shared, css`
        td { vertical-align: top; }
        td.setting { width: 38%; }
        td.value { overflow-wrap: anywhere; }
        td.source { width: 130px; }
        td.act { width: 1%; white-space: nowrap; padding-top: 5px; padding-bottom: 5px; }
        .about { font-size: 12.5px; margin-top: 4px; }
        form { display: flex; gap: 8px; }
        form input { flex: 1; font-family: var(--k-mono); font-size: 12.5px; }
        .wrong { color: var(--k-bad); font-size: 12.5px; margin-top: 4px; }
    `];

    #settings = null;
    #poll = new Poll(this, async () => {
        const list = await api.settings(this.of);
        this.#settings = list.data;
    }, 10_000);

    constructor() {
        super();
        this.filter = '';
        this.changedOnly = false;
        this.editing = null;
        this.problem = null;
    }

    render() {
        if (this.#settings === null) {
            return this.#poll.problem ? trouble(this.#poll.problem, () => this.#poll.now()) : waiting('Loading settings');
        }
        const shown = this.#settings.filter(setting => setting.name.includes(this.filter.trim().toLowerCase())
            && (!this.changedOnly || isSetHere(setting)));
        return html`
            <div class="toolbar">
                <div class="searchbox">${icon('search')}<input type="search" aria-label="Search settings by name"
                    placeholder="Search settings" .value=${this.filter} @input=${event => { this.filter = event.target.value; }}></div>
                <label class="check"><input type="checkbox" .checked=${this.changedOnly}
                    @change=${event => { this.changedOnly = event.target.checked; }}>Only what is set here</label>
            </div>
            ${trouble(this.#poll.problem)}
            <div class="panel">${shown.length === 0
                ? empty('search', 'No such setting', this.changedOnly
                    ? 'Everything is as the broker’s defaults have it.' : 'No setting has this in its name.')
                : html`<div class="scroll"><table>
                    <thead><tr><th>Setting</th><th>Value</th><th>Source</th><th><span class="hidden-label">Change</span></th></tr></thead>
                    <tbody>${shown.map(setting => this.#row(setting))}</tbody></table></div>`}</div>`;
    }

    #row(setting) {
        const [kind, source] = SOURCES[setting.source] ?? ['', String(setting.source ?? '').toLowerCase().replaceAll('_', ' ')];
        const meaning = settingMeaning(setting.name, setting.value);
        const editing = this.editing === setting.name;
        return html`<tr>
            <td class="setting"><span class="mono">${setting.name}</span>${editing && setting.documentation
                ? html`<div class="about muted">${setting.documentation}</div>` : nothing}</td>
            <td class="value">${editing ? this.#form(setting) : setting.is_sensitive
                ? html`<span class="muted">hidden</span>`
                : html`<span class="mono">${setting.value}</span>
                    ${meaning ? html`<span class="muted"> · ${meaning}</span>` : nothing}`}</td>
            <td class="source"><span class="badge ${kind}">${source}</span></td>
            <td class="act">${setting.is_read_only || editing ? nothing : html`
                <button class="quiet square small" aria-label="Change ${setting.name}" @click=${() => this.#edit(setting)}>
                    ${icon('edit')}</button>
                ${isSetHere(setting) ? html`<button class="quiet square small" aria-label="Back to the default of ${setting.name}"
                    title="Back to the default" @click=${() => this.#store(setting.name, null)}>${icon('rewind')}</button>` : nothing}`}
            </td>
        </tr>`;
    }

    #form(setting) {
        return html`<form @submit=${event => {
            event.preventDefault();
            this.#store(setting.name, event.target.elements.value.value);
        }} @keydown=${event => {
            if (event.key === 'Escape') {
                this.editing = null;
            }
        }}>
            <input name="value" aria-label="Value of ${setting.name}" .value=${setting.value ?? ''} spellcheck="false"
                aria-invalid=${this.problem ? 'true' : 'false'}>
            <button class="primary small" type="submit">Save</button>
            <button class="small" type="button" @click=${() => { this.editing = null; }}>Cancel</button>
        </form>${this.problem ? html`<div class="wrong" role="alert">${sentence(this.problem)}</div>` : nothing}`;
    }

    async #edit(setting) {
        this.editing = setting.name;
        this.problem = null;
        await this.updateComplete;
        this.renderRoot.querySelector('form input')?.select();
    }

    async #store(name, value) {
        try {
            await api.setSetting(this.of, name, value);
            this.editing = null;
            say(this, value === null ? `${name} has its default again.` : `${name} is ${value} now.`);
            this.#poll.now();
        } catch (problem) {
            this.problem = problem;
            this.editing = name;
        }
    }
}

function isSetHere(setting) {
    return String(setting.source).startsWith('DYNAMIC');
}

function sentence(problem) {
    return Object.values(problem.fields ?? {})[0] ?? problem.message;
}

customElements.define('kaon-settings', KaonSettings);
