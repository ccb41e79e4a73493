// SPDX-License-Identifier: Apache-2.0
import {LitElement, html, nothing} from 'lit';
import {api} from './api.js';
import {bytes, count} from './format.js';
import {icon} from './icons.js';
import {empty, field, say, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {go, link} from './route.js';
import {shared} from './style.js';
import './kaon-confirm.js';
import './kaon-dialog.js';
import './kaon-export.js';
import './kaon-menu.js';
import './kaon-partitions.js';
import './kaon-produce.js';
import './kaon-records.js';
import './kaon-settings.js';

const TABS = [['records', 'Records'], ['partitions', 'Partitions'], ['config', 'Config']];

/** One topic: its records, its partitions, its settings, and what can be done with it. */
class KaonTopic extends LitElement {
    static properties = {
        topic: {}, tab: {}, query: {}, dialog: {state: true}, problem: {state: true}, busy: {state: true},
    };

    static styles = shared;

    #about = null;
    #poll = new Poll(this, async () => {
        const topic = this.topic;
        const about = await api.topic(topic);
        if (topic === this.topic) {
            this.#about = about;
        }
    });

    constructor() {
        super();
        this.dialog = null;
        this.problem = null;
        this.busy = false;
    }

    willUpdate(changed) {
        if (changed.has('topic') && changed.get('topic') !== undefined) {
            this.#about = null;
            this.dialog = null;
            this.#poll.now();
        }
    }

    render() {
        if (this.#poll.problem?.status === 404) {
            return empty('topics', 'This topic is not there', `No topic has the name ${this.topic}. It may have been deleted.`,
                html`<a class="button" href=${link(['topics'])}>All topics</a>`);
        }
        const about = this.#about;
        return html`
            <div class="head">
                <div class="titles">
                    <div class="crumb"><a href=${link(['topics'])}>Topics</a></div>
                    <h1>${this.topic}</h1>
                    ${about ? html`<div class="facts">
                        <span><b>${count(about.partitions_count)}</b> ${about.partitions_count === 1 ? 'partition' : 'partitions'}</span>
                        <span><b>${count(about.records)}</b> records</span>
                        <span><b>${bytes(about.size_bytes)}</b></span>
                        <span>cleanup <b>${about.cleanup_policy}</b></span>
                        ${about.is_internal ? html`<span class="badge">internal</span>` : nothing}
                    </div>` : nothing}
                </div>
                <div class="row">
                    <button @click=${() => this.#open('export')}>${icon('download')} Export</button>
                    <button class="primary" @click=${() => this.#open('produce')}>${icon('send')} Produce</button>
                    <kaon-menu label="More to do with this topic" .items=${[
                        {text: 'Add partitions', icon: 'plus', run: () => this.#open('partitions')},
                        {text: 'Empty the topic', icon: 'empty', danger: true, run: () => this.#open('empty')},
                        {text: 'Delete the topic', icon: 'trash', danger: true, run: () => this.#open('delete')},
                    ]}></kaon-menu>
                </div>
            </div>
            ${trouble(this.#poll.problem)}
            <nav class="tabs" aria-label="Parts of the topic">${TABS.map(([id, name]) => html`
                <a href=${link(['topics', this.topic, id])} aria-current=${this.tab === id ? 'page' : 'false'}>${name}</a>`)}</nav>
            ${about ? this.#content(about) : this.#poll.problem ? nothing : waiting('Loading the topic')}
            ${about ? this.#dialog(about) : nothing}`;
    }

    #content(about) {
        switch (this.tab) {
            case 'partitions':
                return html`<kaon-partitions .topic=${this.topic}></kaon-partitions>`;
            case 'config':
                return html`<kaon-settings .of=${{topic: this.topic}}></kaon-settings>`;
            default:
                return html`<kaon-records .topic=${this.topic} .partitions=${about.partitions_count} .total=${about.records}
                    .query=${this.query} @produce=${event => this.#open('produce', event.detail)}></kaon-records>`;
        }
    }

    #dialog(about) {
        switch (this.dialog?.name) {
            case 'produce':
                return html`<kaon-produce .topic=${this.topic} .partitions=${about.partitions_count} .template=${this.dialog.detail}
                    @closed=${this.#close} @sent=${() => this.#sent()}></kaon-produce>`;
            case 'export':
                return html`<kaon-export .topic=${this.topic} @closed=${this.#close}></kaon-export>`;
            case 'partitions':
                return this.#partitionsDialog(about);
            case 'empty':
                return html`<kaon-confirm heading="Empty the topic" action="Empty" .word=${this.topic}
                    .text=${`All ${count(about.records)} records are deleted. Offsets go on where they are, and the topic, its settings `
                        + 'and its consumer groups stay.'}
                    .run=${() => api.emptyTopic(this.topic)} @closed=${this.#close} @done=${() => this.#emptied()}></kaon-confirm>`;
            case 'delete':
                return html`<kaon-confirm heading="Delete the topic" action="Delete" .word=${this.topic}
                    .text=${`The topic and its ${count(about.records)} records are deleted for good. Applications that use it will fail, `
                        + 'or make it anew with default settings.'}
                    .run=${() => api.deleteTopic(this.topic)} @closed=${this.#close} @done=${() => this.#deleted()}></kaon-confirm>`;
            default:
                return nothing;
        }
    }

    #partitionsDialog(about) {
        const wrong = this.problem?.fields?.partitions_count ?? (this.problem?.status === 400 ? this.problem.message : undefined);
        return html`<kaon-dialog heading="Add partitions" .busy=${this.busy} @closed=${this.#close}>
            <form class="fields" novalidate @submit=${this.#addPartitions}>
                ${wrong ? nothing : trouble(this.problem)}
                ${field({id: 'partitions', label: 'Partitions from now on', wrong,
                    hint: `There are ${count(about.partitions_count)}. Keys may land in other partitions than before, and the number `
                        + 'cannot be lowered again.'},
                html`<input id="partitions" inputmode="numeric" autofocus .value=${String(about.partitions_count + 1)}
                    aria-invalid=${wrong ? 'true' : 'false'}>`)}
            </form>
            <button slot="actions" @click=${this.#close}>Cancel</button>
            <button slot="actions" class="primary" ?disabled=${this.busy} @click=${this.#addPartitions}>Add partitions</button>
        </kaon-dialog>`;
    }

    #addPartitions = async event => {
        event.preventDefault();
        const typed = this.renderRoot.querySelector('#partitions').value.trim();
        this.busy = true;
        try {
            await api.addPartitions(this.topic, /^\d{1,9}$/.test(typed) ? Number(typed) : typed);
            say(this, `${this.topic} has ${typed} partitions now.`);
            this.dialog = null;
            this.#poll.now();
        } catch (problem) {
            this.problem = problem;
        }
        this.busy = false;
    };

    #open(name, detail = null) {
        this.problem = null;
        this.dialog = {name, detail};
    }

    #close = () => {
        this.dialog = null;
    };

    #sent() {
        this.#poll.now();
        this.renderRoot.querySelector('kaon-records')?.refresh();
    }

    #emptied() {
        this.dialog = null;
        say(this, `${this.topic} is empty.`);
        this.#sent();
    }

    #deleted() {
        say(this, `${this.topic} is deleted.`);
        go(['topics']);
    }
}

customElements.define('kaon-topic', KaonTopic);
