// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {preview} from './datum.js';
import {count, countOf, moment} from './format.js';
import {icon} from './icons.js';
import {empty, say, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {shared} from './style.js';
import './kaon-confirm.js';

const PAGE = 50;

/** What a channel could not process: why, and the way back. */
class KaonDeadLetters extends LitElement {
    static properties = {channel: {}, total: {}, chosen: {state: true}, asking: {state: true}, cursor: {state: true}};

    static styles = [shared, css`
        :host { margin-top: 20px; }
        .row { margin-bottom: 10px; }
        .reason { color: var(--k-bad); overflow-wrap: anywhere; }
        .cut { max-width: 320px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-family: var(--k-mono);
            font-size: 12.5px; }
        td.check, th.check { width: 1%; padding-right: 0; }
    `];

    #list = null;
    #poll = new Poll(this, async () => {
        const {channel} = this;
        const list = await api.deadLetters(channel, {limit: PAGE, cursor: this.cursor});
        if (channel === this.channel) {
            this.#list = list;
        }
    });

    constructor() {
        super();
        this.chosen = new Set();
        this.asking = false;
        this.cursor = null;
    }

    willUpdate(changed) {
        if (changed.has('channel') && changed.get('channel') !== undefined) {
            this.#list = null;
            this.cursor = null;
            this.chosen = new Set();
            this.#poll.now();
        }
    }

    render() {
        if (this.#list === null) {
            return this.#poll.problem ? trouble(this.#poll.problem, () => this.#poll.now()) : waiting('Loading dead letters');
        }
        const letters = this.#list.data;
        if (letters.length === 0) {
            return empty('check', 'No dead letters', 'Every record of this channel was processed, or is still being tried.');
        }
        const all = this.chosen.size === 0;
        return html`
            <div class="row"><h2 class="grow">Dead letters</h2>
                <button @click=${() => { this.asking = true; }}>${icon('rewind')}
                    ${all ? 'Replay all' : `Replay ${countOf(this.chosen.size, 'record')}`}</button></div>
            ${trouble(this.#poll.problem)}
            <div class="panel"><div class="scroll"><table>
                <thead><tr><th class="check"><span class="hidden-label">Choose</span></th><th>From</th><th>Time</th><th>Reason</th>
                    <th>Value</th></tr></thead>
                <tbody>${letters.map(letter => this.#row(letter))}</tbody></table></div>
                <div class="foot"><span class="grow">${countOf(letters.length, 'record')} shown${this.total === undefined
                    ? '' : ` of ${count(this.total)}`}</span>
                    ${this.cursor ? html`<button class="small" @click=${() => this.#turn(null)}>${icon('left')} Newest</button>` : nothing}
                    ${this.#list.page?.older ? html`<button class="small" @click=${() => this.#turn(this.#list.page.older)}>
                        Older ${icon('right')}</button>` : nothing}</div></div>
            ${this.asking ? html`<kaon-confirm heading="Replay dead letters" action="Replay"
                .text=${`${all ? 'All dead letters' : countOf(this.chosen.size, 'record')} of the channel ${this.channel} are written to `
                    + 'the topic they came from once more, at its end. Make sure that what made them fail is mended.'}
                .run=${() => this.#replay()} @closed=${() => { this.asking = false; }} @done=${() => this.#done()}></kaon-confirm>` : nothing}`;
    }

    #row(letter) {
        const {record, original} = letter;
        const id = `${record.partition_id}-${record.offset}`;
        return html`<tr>
            <td class="check"><input type="checkbox" aria-label="Choose record ${id}" .checked=${this.chosen.has(id)}
                @change=${event => this.#choose(id, event.target.checked)}></td>
            <td class="nowrap">${original.topic} <span class="muted">${original.partition_id}-${original.offset}</span></td>
            <td class="muted nowrap">${moment(record.timestamp).slice(0, 19)}</td>
            <td class="reason">${letter.replayed ? html`<span class="badge good">replayed</span> ` : nothing}
                <span title=${letter.exception_class ?? ''}>${letter.reason ?? letter.exception_class}</span>
                ${letter.cause ? html`<div class="muted">${letter.cause}</div>` : nothing}</td>
            <td class="cut" title=${preview(record.value)}>${preview(record.value)}</td></tr>`;
    }

    #choose(id, chosen) {
        const ids = new Set(this.chosen);
        chosen ? ids.add(id) : ids.delete(id);
        this.chosen = ids;
    }

    #turn(cursor) {
        this.cursor = cursor;
        this.#poll.now();
    }

    #replay() {
        const records = [...this.chosen].map(id => id.split('-').map(Number))
            .map(([partition, offset]) => ({partition_id: partition, offset}));
        return api.replayDeadLetters(this.channel, records.length === 0 ? {all: true} : {records});
    }

    #done() {
        this.asking = false;
        this.chosen = new Set();
        say(this, 'The replay has begun.');
        this.#poll.now();
    }
}

customElements.define('kaon-dead-letters', KaonDeadLetters);
