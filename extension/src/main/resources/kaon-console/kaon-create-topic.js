// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {field, say, trouble} from './parts.js';
import {icon} from './icons.js';
import {shared} from './style.js';
import './kaon-dialog.js';

const COMMON_SETTINGS = [
    'cleanup.policy', 'retention.ms', 'retention.bytes', 'max.message.bytes', 'compression.type', 'min.insync.replicas',
    'message.timestamp.type', 'segment.bytes', 'segment.ms', 'delete.retention.ms',
];
const FIELDS = ['topic_name', 'partitions_count', 'replication_factor', 'configs'];

/** The form that makes a topic. */
class KaonCreateTopic extends LitElement {
    static properties = {problem: {state: true}, busy: {state: true}, settings: {state: true}};

    static styles = [shared, css`
        .setting { display: grid; grid-template-columns: 1fr 1fr auto; gap: 8px; }
    `];

    constructor() {
        super();
        this.problem = null;
        this.busy = false;
        this.settings = [];
    }

    render() {
        const wrong = placed(this.problem, this.settings);
        const unplaced = this.problem && !Object.keys(wrong).some(name => FIELDS.some(known => name.startsWith(known)));
        return html`<kaon-dialog heading="Create a topic" .busy=${this.busy} @closed=${this.#close}>
            <form id="form" class="fields" @submit=${this.#submit} novalidate>
                ${unplaced ? trouble(this.problem) : nothing}
                ${field({id: 'name', label: 'Name', wrong: wrong.topic_name, hint: 'Letters, digits, dots, hyphens, underscores.'},
                    html`<input id="name" name="name" autofocus autocomplete="off" spellcheck="false"
                        aria-invalid=${wrong.topic_name ? 'true' : 'false'}>`)}
                <div class="fields two">
                    ${field({id: 'partitions', label: 'Partitions', wrong: wrong.partitions_count,
                        hint: 'Can be raised later, not lowered.'},
                    html`<input id="partitions" name="partitions" inputmode="numeric" placeholder="the broker’s default"
                        aria-invalid=${wrong.partitions_count ? 'true' : 'false'}>`)}
                    ${field({id: 'replicas', label: 'Replicas', wrong: wrong.replication_factor},
                    html`<input id="replicas" name="replicas" inputmode="numeric" placeholder="the broker’s default"
                        aria-invalid=${wrong.replication_factor ? 'true' : 'false'}>`)}
                </div>
                <div class="stack">
                    <h3>Settings</h3>
                    ${this.settings.map((setting, at) => this.#setting(setting, at, wrong))}
                    <div><button class="small" type="button" @click=${this.#add}>${icon('plus')} Add a setting</button></div>
                </div>
                <datalist id="known">${COMMON_SETTINGS.map(name => html`<option value=${name}></option>`)}</datalist>
                <button hidden type="submit"></button>
            </form>
            <button slot="actions" type="button" @click=${this.#close}>Cancel</button>
            <button slot="actions" class="primary" type="button" ?disabled=${this.busy} @click=${this.#submit}>Create topic</button>
        </kaon-dialog>`;
    }

    #setting(setting, at, wrong) {
        const said = wrong[`configs[${at}].value`] ?? wrong[`configs[${at}].name`] ?? wrong[`configs[${at}]`]
            ?? wrong[`configs.${setting.name}`] ?? (at === 0 ? wrong.configs : undefined);
        return html`<div class="field"><div class="setting">
            <input list="known" aria-label="Name of the setting" placeholder="retention.ms" .value=${setting.name}
                @input=${event => { setting.name = event.target.value; }}>
            <input aria-label="Value of the setting" .value=${setting.value} aria-invalid=${said ? 'true' : 'false'}
                @input=${event => { setting.value = event.target.value; }}>
            <button class="quiet square" type="button" aria-label="Remove the setting"
                @click=${() => { this.settings = this.settings.filter(one => one !== setting); }}>${icon('close')}</button>
        </div>${said ? html`<span class="wrong" role="alert">${said}</span>` : nothing}</div>`;
    }

    #add = () => {
        this.settings = [...this.settings, {name: '', value: ''}];
    };

    #close = () => this.dispatchEvent(new CustomEvent('closed'));

    #submit = async event => {
        event.preventDefault();
        const form = this.renderRoot.querySelector('form');
        const name = form.elements.name.value.trim();
        this.busy = true;
        try {
            await api.createTopic({
                name,
                partitions: number(form.elements.partitions.value),
                replicas: number(form.elements.replicas.value),
                configs: this.settings.filter(setting => setting.name.trim() !== '')
                    .map(setting => ({name: setting.name.trim(), value: setting.value})),
            });
            say(this, `The topic ${name} is there.`);
            this.dispatchEvent(new CustomEvent('created', {detail: name}));
        } catch (problem) {
            this.problem = problem;
        }
        this.busy = false;
    };
}

/** The broker's own sentences name no field: they say what they are about. */
function placed(problem, settings) {
    if (!problem || problem.status !== 400 || Object.keys(problem.fields ?? {}).length > 0) {
        return problem?.fields ?? {};
    }
    const setting = settings.findIndex(one => one.name !== '' && problem.message.includes(one.name));
    if (setting >= 0) {
        return {[`configs[${setting}]`]: problem.message};
    }
    const field = [[/replica/i, 'replication_factor'], [/partition/i, 'partitions_count'], [/name/i, 'topic_name']]
        .find(([words]) => words.test(problem.message))?.[1];
    return field ? {[field]: problem.message} : {};
}

/** What was typed as a number; what is none goes to the server as it is, which says what is wrong with it. */
function number(typed) {
    const text = typed.trim();
    if (text === '') {
        return undefined;
    }
    return /^-?\d{1,9}$/.test(text) ? Number(text) : text;
}

customElements.define('kaon-create-topic', KaonCreateTopic);
