// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {bytes, count, countOf} from './format.js';
import {icon} from './icons.js';
import {empty, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {link} from './route.js';
import {shared} from './style.js';
import './kaon-settings.js';

const LARGEST = 20;

/** The brokers of the cluster; of one, its disks and its settings. */
class KaonBrokers extends LitElement {
    static properties = {broker: {}, tab: {}};

    static styles = [shared, css`
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(270px, 1fr)); gap: 14px; }
        a.card { display: grid; gap: 8px; padding: 16px; color: inherit; border-radius: 10px; border: 1px solid var(--k-line);
            background: var(--k-surface); }
        a.card:hover { text-decoration: none; border-color: var(--k-line-strong); background: var(--k-hover); }
        a.card .row { font-weight: 600; }
        a.card code { color: var(--k-muted); overflow-wrap: anywhere; }
        .disk + .disk { margin-top: 18px; }
        .disk .panel.padded { border-bottom: 0; border-radius: 10px 10px 0 0; display: grid; gap: 8px; }
        .disk .panel + .panel { border-radius: 0 0 10px 10px; }
        .use { height: 6px; border-radius: 3px; overflow: hidden; background: var(--k-sunken); }
        .use svg { width: 100%; height: 100%; display: block; }
        .use .all { fill: var(--k-muted); opacity: 0.45; }
        .use .ours { fill: var(--k-accent-fill); }
        .topics { padding: 6px 0; }
    `];

    #brokers = null;
    #disks = null;
    #poll = new Poll(this, async () => {
        const {broker} = this;
        this.#brokers = (await api.brokers()).data;
        if (broker !== null && broker !== undefined) {
            this.#disks = await api.logDirectories(broker);
        }
    }, 5000);

    willUpdate(changed) {
        if (changed.has('broker') && changed.get('broker') !== undefined) {
            this.#disks = null;
            this.#poll.now();
        }
    }

    render() {
        if (this.broker !== null) {
            return this.#one();
        }
        return html`<div class="head"><div class="titles"><h1>Brokers</h1></div></div>
            ${trouble(this.#poll.problem, () => this.#poll.now())}
            ${this.#brokers === null ? (this.#poll.problem ? nothing : waiting('Loading brokers'))
                : html`<div class="cards">${this.#brokers.map(broker => html`
                    <a class="card" href=${link(['brokers', String(broker.broker_id)])}>
                        <span class="row">${icon('brokers')} Broker ${broker.broker_id}</span>
                        <code>${broker.host}:${broker.port}</code>
                        ${broker.is_controller ? html`<span><span class="badge accent">controller</span></span>` : nothing}
                        ${broker.rack ? html`<span class="muted">rack ${broker.rack}</span>` : nothing}
                    </a>`)}</div>`}`;
    }

    #one() {
        const about = this.#brokers?.find(one => String(one.broker_id) === this.broker);
        const tabs = [['disks', 'Log directories'], ['config', 'Config']];
        return html`<div class="head"><div class="titles">
                <div class="crumb"><a href=${link(['brokers'])}>Brokers</a></div>
                <h1>Broker ${this.broker}</h1>
                ${about ? html`<div class="facts"><span><code>${about.host}:${about.port}</code></span></div>` : nothing}
            </div></div>
            <nav class="tabs" aria-label="Parts of the broker">${tabs.map(([id, name]) => html`
                <a href=${link(['brokers', this.broker, id])} aria-current=${this.tab === id ? 'page' : 'false'}>${name}</a>`)}</nav>
            ${this.tab === 'config' ? html`<kaon-settings .of=${{broker: this.broker}}></kaon-settings>` : this.#disksPart()}`;
    }

    #disksPart() {
        if (this.#disks === null) {
            return this.#poll.problem ? trouble(this.#poll.problem, () => this.#poll.now()) : waiting('Loading log directories');
        }
        if (this.#disks.data.length === 0) {
            return empty('disk', 'No log directories', 'The broker names none.');
        }
        return html`${trouble(this.#poll.problem)}${this.#disks.data.map(disk => this.#disk(disk))}`;
    }

    #disk(disk) {
        const {topics, size_bytes: ours, total_bytes: total, usable_bytes: usable} = disk;
        const share = part => (total > 0 ? Math.min(100, 100 * part / total) : 0);
        return html`<section class="disk" aria-label="Log directory ${disk.path}">
            <div class="panel padded">
                <div class="row spread"><span class="row">${icon('disk')}<code>${disk.path}</code></span>
                    ${disk.error ? html`<span class="badge bad">${disk.error}</span>` : nothing}</div>
                ${total > 0 ? html`<div class="use" aria-hidden="true"><svg viewBox="0 0 100 4" preserveAspectRatio="none">
                    <rect class="all" height="4" width=${share(total - usable)}></rect>
                    <rect class="ours" height="4" width=${share(ours)}></rect></svg></div>` : nothing}
                <div class="facts"><span><b>${bytes(ours)}</b> in ${countOf(topics.length, 'topic')}</span>
                    ${total > 0 ? html`<span><b>${bytes(usable)}</b> free of ${bytes(total)}</span>` : nothing}</div>
            </div>
            <div class="panel"><div class="scroll"><table>
                <thead><tr><th>Topic</th><th class="number">Replicas here</th><th class="number">Size</th></tr></thead>
                <tbody>${topics.slice(0, LARGEST).map(topic => html`<tr>
                    <td><a class="name" href=${link(['topics', topic.topic_name])}>${topic.topic_name}</a></td>
                    <td class="number muted">${count(topic.partitions_count)}</td>
                    <td class="number">${bytes(topic.size_bytes)}</td></tr>`)}</tbody></table></div>
                ${topics.length > LARGEST ? html`<div class="foot">The ${LARGEST} largest of ${count(topics.length)} topics.</div>` : nothing}
            </div>
        </section>`;
    }
}

customElements.define('kaon-brokers', KaonBrokers);
