// SPDX-License-Identifier: Apache-2.0
import {LitElement, html, nothing} from 'lit';
import {api, nextToken} from './api.js';
import {count} from './format.js';
import {icon} from './icons.js';
import {empty, groupState, pager, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {link, refine} from './route.js';
import {shared} from './style.js';

const PAGE = 50;
const TYPING_MS = 180;

/** All consumer groups, a page at a time. */
class KaonGroups extends LitElement {
    static properties = {search: {}, page: {state: true}};

    static styles = shared;

    #list = null;
    #asked = '';
    #typing = null;
    #poll = new Poll(this, async () => {
        const search = this.search;
        this.#list = await api.groups({search, size: PAGE, token: this.page.token});
        this.#asked = search;
    });

    constructor() {
        super();
        this.search = '';
        this.page = {from: 0, token: null};
    }

    willUpdate(changed) {
        if (changed.has('search') && changed.get('search') !== undefined) {
            this.page = {from: 0, token: null};
            this.#poll.now();
        }
    }

    render() {
        return html`
            <div class="head"><div class="titles"><h1>Consumer groups</h1></div></div>
            <div class="toolbar">
                <div class="searchbox">${icon('search')}
                    <input type="search" aria-label="Search groups by name" placeholder="Search by name" .value=${this.search}
                        @input=${this.#type}></div>
            </div>
            ${trouble(this.#poll.problem, () => this.#poll.now())}
            <div class="panel">${this.#table()}</div>`;
    }

    #table() {
        if (this.#list === null) {
            return this.#poll.problem ? nothing : waiting('Loading groups');
        }
        const groups = this.#list.data;
        if (groups.length === 0) {
            return this.#asked
                ? empty('search', 'No group has this in its name', 'Another part of the name may find it.',
                    html`<button @click=${() => refine({search: ''})}>Show all groups</button>`)
                : empty('groups', 'No consumer groups yet',
                    'A group appears when its first consumer comes: a channel with @Incoming, or any Kafka client with a group.id.');
        }
        return html`<div class="scroll"><table>
            <thead><tr><th>Group</th><th>State</th><th>Protocol</th><th class="number">Members</th><th>Topics</th>
                <th class="number">Lag</th></tr></thead>
            <tbody>${groups.map(group => html`<tr>
                <td><a class="name" href=${link(['groups', group.consumer_group_id])}>${group.consumer_group_id}</a></td>
                <td>${groupState(group.state)}</td>
                <td class="muted">${group.type.toLowerCase()}</td>
                <td class="number">${count(group.members_count)}</td>
                <td class="muted">${topicsOf(group)}</td>
                <td class="number ${group.total_lag > 0 ? '' : 'muted'}">${count(group.total_lag)}</td>
            </tr>`)}</tbody></table></div>
            ${pager({
                from: this.page.from, shown: groups.length, what: 'Groups', hasNext: nextToken(this.#list) !== null,
                onFirst: () => this.#turn({from: 0, token: null}),
                onNext: () => this.#turn({from: this.page.from + groups.length, token: nextToken(this.#list)}),
            })}`;
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
}

const TOPICS_SHOWN = 3;

function topicsOf(group) {
    const more = group.topics.length - TOPICS_SHOWN;
    return group.topics.slice(0, TOPICS_SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

customElements.define('kaon-groups', KaonGroups);
