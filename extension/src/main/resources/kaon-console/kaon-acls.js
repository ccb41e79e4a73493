// SPDX-License-Identifier: Apache-2.0
import {LitElement, html, nothing} from 'lit';
import {api, nextToken} from './api.js';
import {badge, empty, pager, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {shared} from './style.js';

const PAGE = 100;

/** Who may do what: to be read here, changed with Kafka's tools. */
class KaonAcls extends LitElement {
    static properties = {page: {state: true}};

    static styles = shared;

    #list = null;
    #poll = new Poll(this, async () => {
        this.#list = await api.acls({size: PAGE, token: this.page.token});
    }, 10_000);

    constructor() {
        super();
        this.page = {from: 0, token: null};
    }

    render() {
        return html`<div class="head"><div class="titles"><h1>Access control</h1>
                <p class="sub">To be read here. Kafka’s own kafka-acls changes it.</p></div></div>
            ${trouble(this.#poll.problem, () => this.#poll.now())}
            <div class="panel">${this.#table()}</div>`;
    }

    #table() {
        if (this.#list === null) {
            return this.#poll.problem ? nothing : waiting('Loading access control lists');
        }
        const acls = this.#list.data;
        if (acls.length === 0) {
            return empty('acls', 'No access control lists',
                'The broker lets every client that reaches it do everything, as brokers for development do.');
        }
        const words = name => String(name ?? '').toLowerCase().replaceAll('_', ' ');
        return html`<div class="scroll"><table>
            <thead><tr><th>Principal</th><th>Permission</th><th>Operation</th><th>Resource</th><th>Name</th><th>Host</th></tr></thead>
            <tbody>${acls.map(acl => html`<tr>
                <td class="name">${acl.principal}</td>
                <td>${badge(acl.permission === 'ALLOW' ? 'good' : 'bad', words(acl.permission))}</td>
                <td>${words(acl.operation)}</td>
                <td class="muted">${words(acl.resource_type)}</td>
                <td>${acl.resource_name}${acl.pattern_type === 'PREFIXED' ? html`<span class="muted">…</span>` : nothing}</td>
                <td class="muted">${acl.host}</td></tr>`)}</tbody></table></div>
            ${pager({
                from: this.page.from, shown: acls.length, what: 'Entries', hasNext: nextToken(this.#list) !== null,
                onFirst: () => this.#turn({from: 0, token: null}),
                onNext: () => this.#turn({from: this.page.from + acls.length, token: nextToken(this.#list)}),
            })}`;
    }

    #turn(page) {
        this.page = page;
        this.#poll.now();
    }
}

customElements.define('kaon-acls', KaonAcls);
