// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {count, countOf} from './format.js';
import {field, segments, trouble} from './parts.js';
import {shared} from './style.js';
import './kaon-dialog.js';

const PLACES = [['earliest', 'Earliest'], ['latest', 'Latest'], ['timestamp', 'Time'], ['offset', 'Offset']];
const MAX_SHOWN = 200;

/** Moves committed offsets: first it shows what would change, then it changes it. */
class KaonReset extends LitElement {
    static properties = {
        group: {}, topics: {attribute: false}, inUse: {type: Boolean}, to: {state: true}, plan: {state: true},
        problem: {state: true}, busy: {state: true},
    };

    static styles = [shared, css`
        .plan { max-height: 300px; overflow: auto; border: 1px solid var(--k-line); border-radius: 8px; }
        th { position: sticky; top: 0; background: var(--k-surface); }
        td { padding-top: 5px; padding-bottom: 5px; }
        .arrow { color: var(--k-muted); width: 1%; }
        .place { min-height: 56px; }
    `];

    constructor() {
        super();
        this.topics = [];
        this.to = 'earliest';
        this.plan = null;
        this.problem = null;
        this.busy = false;
    }

    render() {
        const wrong = this.problem?.fields ?? {};
        const placed = ['timestamp', 'offset', 'topic', 'partitions'];
        const unplaced = this.problem && !Object.keys(wrong).some(name => placed.includes(name));
        return html`<kaon-dialog wide heading="Reset offsets of ${this.group}" .busy=${this.busy} @closed=${this.#close}>
            <form class="fields" novalidate @submit=${this.#preview} @input=${this.#changed}>
                ${this.inUse ? html`<div class="trouble note">The group has members now. Offsets can be reset when they have left:
                    stop the application, or pause its channel.</div>` : nothing}
                ${unplaced ? trouble(this.problem) : nothing}
                <div class="fields two">
                    ${field({id: 'topic', label: 'Topic', wrong: wrong.topic}, html`
                        <input id="topic" list="topics" placeholder="all topics of the group" spellcheck="false"
                            aria-invalid=${wrong.topic ? 'true' : 'false'}>
                        <datalist id="topics">${this.topics.map(name => html`<option value=${name}></option>`)}</datalist>`)}
                    ${field({id: 'partitions', label: 'Partitions', wrong: wrong.partitions}, html`
                        <input id="partitions" placeholder="all, or 0, 3, 5" aria-invalid=${wrong.partitions ? 'true' : 'false'}>`)}
                </div>
                <div class="field"><span class="label">To</span>
                    ${segments('Where to', PLACES, this.to, to => { this.to = to; this.#changed(); })}</div>
                ${this.to === 'timestamp' ? field({id: 'timestamp', label: 'The first record at or after', wrong: wrong.timestamp},
                    html`<input id="timestamp" type="datetime-local" step="1">`) : nothing}
                ${this.to === 'offset' ? field({id: 'offset', label: 'Offset', wrong: wrong.offset},
                    html`<input id="offset" inputmode="numeric">`) : nothing}
                ${this.#planPart()}
                <button hidden type="submit"></button>
            </form>
            <button slot="actions" @click=${this.#close}>Cancel</button>
            ${this.plan === null
                ? html`<button slot="actions" class="primary" ?disabled=${this.busy} @click=${this.#preview}>Show what would change</button>`
                : html`<button slot="actions" class="primary" ?disabled=${this.busy || this.plan.length === 0} @click=${this.#apply}>
                    Reset ${countOf(this.plan.length, 'partition')}</button>`}
        </kaon-dialog>`;
    }

    #planPart() {
        if (this.plan === null) {
            return nothing;
        }
        if (this.plan.length === 0) {
            return html`<p class="muted" role="status">There is nothing to reset: no committed offset fits.</p>`;
        }
        const more = this.plan.length - MAX_SHOWN;
        return html`<div class="plan"><table aria-label="What would change">
            <thead><tr><th>Topic</th><th class="number">Partition</th><th class="number">Now</th><th></th><th class="number">Then</th>
                </tr></thead>
            <tbody>${this.plan.slice(0, MAX_SHOWN).map(one => html`<tr>
                <td>${one.topic_name}</td><td class="number">${one.partition_id}</td>
                <td class="number muted">${count(one.old_offset) || '–'}</td><td class="arrow">→</td>
                <td class="number">${count(one.new_offset)}</td></tr>`)}</tbody></table></div>
            ${more > 0 ? html`<p class="muted">${countOf(more, 'partition')} more.</p>` : nothing}`;
    }

    #changed = () => {
        this.plan = null;
        this.problem = null;
    };

    #order(dryRun) {
        const typed = id => this.renderRoot.querySelector(`#${id}`)?.value.trim() ?? '';
        const partitions = typed('partitions');
        const moment = new Date(typed('timestamp'));
        const whole = text => (/^-?\d{1,15}$/.test(text) ? Number(text) : text);
        return {
            to: this.to,
            timestamp: this.to === 'timestamp' ? (Number.isNaN(moment.getTime()) ? '' : moment.toISOString()) : undefined,
            offset: this.to === 'offset' ? whole(typed('offset')) : undefined,
            topic: typed('topic') || undefined,
            partitions: partitions === '' ? undefined : partitions.split(/[\s,]+/).filter(text => text !== '').map(whole),
            dry_run: dryRun,
        };
    }

    #preview = async event => {
        event.preventDefault();
        await this.#ask(true, answer => {
            this.plan = answer.changes;
        });
    };

    #apply = () => this.#ask(false, () => this.dispatchEvent(new CustomEvent('done')));

    async #ask(dryRun, then) {
        this.busy = true;
        this.problem = null;
        try {
            then(await api.resetOffsets(this.group, this.#order(dryRun)));
        } catch (problem) {
            this.problem = problem;
        }
        this.busy = false;
    }

    #close = () => this.dispatchEvent(new CustomEvent('closed'));
}

customElements.define('kaon-reset', KaonReset);
