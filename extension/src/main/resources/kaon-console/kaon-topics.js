// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api, nextToken} from './api.js';
import {bytes, count} from './format.js';
import {icon} from './icons.js';
import {empty, pager, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {go, link, refine} from './route.js';
import {shared} from './style.js';
import './kaon-create-topic.js';

const PAGE = 50;
const TYPING_MS = 180;

/** All topics, a page at a time. */
class KaonTopics extends LitElement {
    static properties = {query: {}, creating: {state: true}, page: {state: true}};

    static styles = [shared, css`
        td.number, th.number { width: 1%; }
        .name svg { display: inline-block; vertical-align: -3px; margin-right: 8px; color: var(--k-muted); }
    `];

    #list = null;
    #asked = null;
    #typing = null;
    #poll = new Poll(this, () => this.#load());

    constructor() {
        super();
        this.query = {};
        this.creating = false;
        this.page = {from: 0, token: null};
    }

    async #load() {
        const {search, internal} = this.query;
        const wish = {search, internal: internal === 'true', size: PAGE, token: this.page.token};
        const list = await api.topics(wish);
        this.#asked = wish;
        this.#list = list;
    }

    willUpdate(changed) {
        if (changed.has('query') && changed.get('query') !== undefined) {
            this.page = {from: 0, token: null};
            this.#poll.now();
        }
    }

    render() {
        return html`
            <div class="head">
                <div class="titles"><h1>Topics</h1></div>
                <button class="primary" @click=${this.#create}>${icon('plus')} Create topic</button>
            </div>
            <div class="toolbar">
                <div class="searchbox">${icon('search')}
                    <input type="search" aria-label="Search topics by name" placeholder="Search by name" .value=${this.query.search ?? ''}
                        @input=${this.#type}>
                </div>
                <label class="check"><input type="checkbox" .checked=${this.query.internal === 'true'}
                    @change=${event => refine({internal: event.target.checked ? 'true' : ''})}>Show internal topics</label>
            </div>
            ${trouble(this.#poll.problem, () => this.#poll.now())}
            <div class="panel">${this.#table()}</div>
            ${this.creating ? html`<kaon-create-topic @closed=${() => { this.creating = false; }}
                @created=${this.#created}></kaon-create-topic>` : nothing}`;
    }

    #table() {
        if (this.#list === null) {
            return this.#poll.problem ? nothing : waiting('Loading topics');
        }
        const topics = this.#list.data;
        if (topics.length === 0) {
            return this.#nothing();
        }
        return html`<div class="scroll"><table>
            <thead><tr><th>Name</th><th class="number">Partitions</th><th class="number">Replicas</th>
                <th class="number">Records</th><th class="number">Size</th><th>Cleanup</th></tr></thead>
            <tbody>${topics.map(topic => html`<tr>
                <td><a class="name" href=${link(['topics', topic.topic_name])}>${topic.topic_name}</a>
                    ${topic.is_internal ? html` <span class="badge">internal</span>` : nothing}</td>
                <td class="number">${count(topic.partitions_count)}</td>
                <td class="number muted">${count(topic.replication_factor)}</td>
                <td class="number">${count(topic.records)}</td>
                <td class="number">${bytes(topic.size_bytes)}</td>
                <td class="muted nowrap">${topic.cleanup_policy}</td>
            </tr>`)}</tbody></table></div>
            ${pager({
                from: this.page.from,
                shown: topics.length,
                what: 'Topics',
                hasNext: nextToken(this.#list) !== null,
                onFirst: () => this.#turn({from: 0, token: null}),
                onNext: () => this.#turn({from: this.page.from + topics.length, token: nextToken(this.#list)}),
            })}`;
    }

    #nothing() {
        if (this.#asked?.search) {
            return empty('search', 'No topic has this in its name', 'Another part of the name may find it.', html`
                <button @click=${() => refine({search: ''})}>Show all topics</button>`);
        }
        return empty('topics', 'No topics yet',
            'A topic is made here, by a client, or by an application when one of its channels first needs it.', html`
                <button class="primary" @click=${this.#create}>${icon('plus')} Create topic</button>`);
    }

    #turn(page) {
        this.page = page;
        this.#poll.now();
    }

    #type = event => {
        const search = event.target.value;
        clearTimeout(this.#typing);
        this.#typing = setTimeout(() => refine({search}), TYPING_MS);
    };

    #create = () => {
        this.creating = true;
    };

    #created = event => {
        this.creating = false;
        go(['topics', event.detail]);
    };
}

customElements.define('kaon-topics', KaonTopics);
