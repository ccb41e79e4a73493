// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {bytes, count} from './format.js';
import {Poll} from './poll.js';
import {shared} from './style.js';

const PAUSE_MS = 2000;
const MAX_SHOWN = 3;
/** What ended stays in sight so long. */
const LINGER_MS = 8000;

/** What takes long and runs now, at the foot of the page: exports, replays, seeding. */
class KaonWork extends LitElement {
    static styles = [shared, css`
        :host(.floating) { position: fixed; right: 20px; bottom: 20px; z-index: 10; width: min(340px, calc(100vw - 40px)); }
        :host(.floating) section { box-shadow: var(--k-shadow); }
        section { background: var(--k-surface); border: 1px solid var(--k-line); border-radius: 10px; padding: 10px 12px;
            display: grid; gap: 10px; }
        .what { font-weight: 540; font-size: 12.5px; overflow-wrap: anywhere; }
        .much { font-size: 11.5px; color: var(--k-muted); font-variant-numeric: tabular-nums; }
        progress { width: 100%; height: 5px; appearance: none; border: 0; border-radius: 3px; overflow: hidden;
            background: var(--k-sunken); accent-color: var(--k-accent-fill); display: block; margin: 4px 0; }
        progress::-webkit-progress-bar { background: var(--k-sunken); }
        progress::-webkit-progress-value { background: var(--k-accent-fill); border-radius: 3px; }
        progress::-moz-progress-bar { background: var(--k-accent-fill); }
    `];

    #work = [];
    #poll = new Poll(this, async () => {
        const list = await api.longWork();
        this.#work = list.data.filter(one => one.state === 'RUNNING'
            || Date.now() - new Date(one.ended).getTime() < LINGER_MS).slice(0, MAX_SHOWN);
    }, PAUSE_MS);

    render() {
        if (this.#work.length === 0 || this.#poll.problem) {
            return nothing;
        }
        return html`<section aria-label="Work under way">${this.#work.map(one => html`<div>
            <div class="what">${words(one)}</div>
            ${one.state === 'RUNNING'
                ? html`<progress aria-label="Done" max=${one.total ?? nothing} value=${one.total ? one.done : nothing}></progress>`
                : nothing}
            <div class=${one.state === 'FAILED' ? 'much bad' : 'much'}>${measure(one)}</div>
        </div>`)}</section>`;
    }
}

function words(one) {
    const work = String(one.work ?? '');
    return `${work.charAt(0).toUpperCase()}${work.slice(1)}: ${one.subject ?? ''}`;
}

function measure(one) {
    if (one.state === 'FAILED') {
        return one.failure ?? 'Failed';
    }
    const amount = number => (one.unit === 'bytes' ? bytes(number) : `${count(number)} ${one.unit ?? ''}`);
    const done = one.total && one.unit !== 'bytes' ? `${count(one.done)} of ${amount(one.total)}`
        : one.total ? `${bytes(one.done)} of ${bytes(one.total)}` : amount(one.done);
    return one.state === 'DONE' ? `Done · ${amount(one.done)}` : done;
}

customElements.define('kaon-work', KaonWork);
