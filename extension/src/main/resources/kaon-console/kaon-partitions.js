// SPDX-License-Identifier: Apache-2.0
import {LitElement, html, nothing} from 'lit';
import {api, nextToken} from './api.js';
import {bytes, count} from './format.js';
import {pager, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {link} from './route.js';
import {shared} from './style.js';

const PAGE = 100;

/** The partitions of a topic: where they are and what is in them. */
class KaonPartitions extends LitElement {
    static properties = {topic: {}, page: {state: true}};

    static styles = shared;

    #list = null;
    #poll = new Poll(this, async () => {
        this.#list = await api.partitions(this.topic, {size: PAGE, token: this.page.token});
    });

    constructor() {
        super();
        this.page = {from: 0, token: null};
    }

    render() {
        if (this.#list === null) {
            return this.#poll.problem ? trouble(this.#poll.problem, () => this.#poll.now()) : waiting('Loading partitions');
        }
        const partitions = this.#list.data;
        return html`${trouble(this.#poll.problem)}<div class="panel"><div class="scroll"><table>
            <thead><tr><th>Partition</th><th class="number">Leader</th><th>Replicas</th><th>In sync</th>
                <th class="number">First offset</th><th class="number">End offset</th><th class="number">Records</th>
                <th class="number">Size</th></tr></thead>
            <tbody>${partitions.map(one => html`<tr>
                <td><a class="name" href=${link(['topics', this.topic, 'records'], {partition: one.partition_id})}>
                    ${one.partition_id}</a></td>
                <td class="number">${one.leader_id ?? html`<span class="bad">nobody</span>`}</td>
                <td class="muted">${one.replica_ids.join(', ')}</td>
                <td class=${one.in_sync_ids.length < one.replica_ids.length ? 'warn' : 'muted'}>${one.in_sync_ids.join(', ')}</td>
                <td class="number">${count(one.log_start_offset)}</td>
                <td class="number">${count(one.log_end_offset)}</td>
                <td class="number">${count(one.records)}</td>
                <td class="number">${bytes(one.size_bytes) || nothing}</td>
            </tr>`)}</tbody></table></div>
            ${pager({
                from: this.page.from, shown: partitions.length, what: 'Partitions', hasNext: nextToken(this.#list) !== null,
                onFirst: () => this.#turn({from: 0, token: null}),
                onNext: () => this.#turn({from: this.page.from + partitions.length, token: nextToken(this.#list)}),
            })}</div>`;
    }

    #turn(page) {
        this.page = page;
        this.#poll.now();
    }
}

customElements.define('kaon-partitions', KaonPartitions);
