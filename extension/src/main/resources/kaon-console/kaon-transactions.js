// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api, nextToken} from './api.js';
import {ago, count, duration} from './format.js';
import {badge, empty, pager, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {link} from './route.js';
import {shared} from './style.js';

const PAGE = 50;
const STATES = {
    ONGOING: 'accent', COMPLETECOMMIT: 'good', COMPLETEABORT: 'warn', PREPARECOMMIT: 'accent', PREPAREABORT: 'warn', DEAD: 'bad',
};

/** Transactional ids, and what their transactions hold open. */
class KaonTransactions extends LitElement {
    static properties = {page: {state: true}, chosen: {state: true}};

    static styles = [shared, css`
        button.name { height: auto; padding: 0; border: 0; background: none; color: var(--k-accent); text-align: left;
            white-space: normal; }
        .inside { padding: 4px 0 8px; display: flex; gap: 8px; flex-wrap: wrap; }
    `];

    #list = null;
    #detail = null;
    #poll = new Poll(this, async () => {
        const {chosen} = this;
        this.#list = await api.transactions({size: PAGE, token: this.page.token});
        this.#detail = chosen === null ? null : await api.transaction(chosen).catch(() => null);
    });

    constructor() {
        super();
        this.page = {from: 0, token: null};
        this.chosen = null;
    }

    render() {
        return html`
            <div class="head"><div class="titles"><h1>Transactions</h1>
                <p class="sub">Producers with a transactional id, and what they did last.</p></div></div>
            ${trouble(this.#poll.problem, () => this.#poll.now())}
            <div class="panel">${this.#table()}</div>`;
    }

    #table() {
        if (this.#list === null) {
            return this.#poll.problem ? nothing : waiting('Loading transactions');
        }
        const transactions = this.#list.data;
        if (transactions.length === 0) {
            return empty('transactions', 'No transactions yet',
                'They appear when a producer with a transactional.id begins one: in Quarkus, a channel with KafkaTransactions.');
        }
        return html`<div class="scroll"><table>
            <thead><tr><th>Transactional id</th><th>State</th><th class="number">Producer</th><th class="number">Epoch</th>
                <th>Begun</th><th class="number">Timeout</th></tr></thead>
            <tbody>${transactions.map(one => this.#row(one))}</tbody></table></div>
            ${pager({
                from: this.page.from, shown: transactions.length, what: 'Transactions', hasNext: nextToken(this.#list) !== null,
                onFirst: () => this.#turn({from: 0, token: null}),
                onNext: () => this.#turn({from: this.page.from + transactions.length, token: nextToken(this.#list)}),
            })}`;
    }

    #row(one) {
        const id = one.transactional_id;
        const open = this.chosen === id;
        const detail = open && this.#detail?.transactional_id === id ? this.#detail : null;
        const about = {...one, ...detail};
        return html`<tr>
            <td><button class="name" aria-expanded=${open ? 'true' : 'false'} @click=${() => this.#choose(id)}>${id}</button></td>
            <td>${state(about.state)}</td>
            <td class="number">${about.producer_id ?? '–'}</td>
            <td class="number">${about.producer_epoch ?? '–'}</td>
            <td class="muted nowrap">${about.started ? ago(about.started) : '–'}</td>
            <td class="number muted">${duration(about.timeout_ms)}</td>
        </tr>
        ${open ? html`<tr><td colspan="6">${this.#inside(detail)}</td></tr>` : nothing}`;
    }

    #inside(detail) {
        if (detail === null) {
            return html`<span class="muted">…</span>`;
        }
        const {partitions} = detail;
        if (partitions.length === 0) {
            return html`<span class="muted">No partition is part of it now.</span>`;
        }
        return html`<div class="inside">${partitions.map(({topic_name: topic, partition_id: partition}) => html`<a class="badge"
            href=${link(['topics', topic, 'records'], {partition})}>${topic} · ${count(partition)}</a>`)}</div>`;
    }

    #choose(id) {
        this.chosen = this.chosen === id ? null : id;
        this.#detail = null;
        this.#poll.now();
    }

    #turn(page) {
        this.page = page;
        this.chosen = null;
        this.#poll.now();
    }
}

function state(name) {
    const plain = String(name ?? 'UNKNOWN').replaceAll('_', '').toUpperCase();
    const words = String(name ?? 'unknown').replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ').toLowerCase();
    return badge(STATES[plain] ?? '', words.charAt(0).toUpperCase() + words.slice(1));
}

customElements.define('kaon-transactions', KaonTransactions);
