// SPDX-License-Identifier: Apache-2.0
// Small templates that every page uses. What is shown comes in as text and leaves as text: Lit escapes it.
import {html, nothing} from 'lit';
import {icon} from './icons.js';
import {pieces, MAX_PRETTY_CHARACTERS} from './json.js';

/** Nothing there yet: what it is, and what to do next. */
export function empty(drawing, title, text, actions = nothing) {
    return html`<div class="empty">${icon(drawing)}
        <h2>${title}</h2>
        <p>${text}</p>
        <div class="row">${actions}</div>
    </div>`;
}

/** The sentence of a problem that belongs to no field. */
export function trouble(problem, again) {
    if (!problem) {
        return nothing;
    }
    return html`<div class="trouble" role="alert">${icon('warning')}
        <span class="grow">${problem.message}</span>
        ${again ? html`<button class="small" @click=${again}>Try again</button>` : nothing}
    </div>`;
}

export function waiting(what = 'Loading') {
    return html`<div class="waiting" role="status" aria-label=${what}><span></span><span></span><span></span></div>`;
}

export function badge(kind, text) {
    return html`<span class="badge ${kind}"><span class="dot"></span>${text}</span>`;
}

const GROUP_STATES = {
    STABLE: 'good', EMPTY: '', DEAD: 'bad', ASSIGNING: 'warn', RECONCILING: 'warn', PREPARING_REBALANCE: 'warn',
    COMPLETING_REBALANCE: 'warn',
};

/** 'STABLE', 'PreparingRebalance', 'PREPARING_REBALANCE' in one spelling, with its colour. */
export function groupState(state) {
    const plain = String(state ?? 'UNKNOWN').replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
    const words = plain.toLowerCase().replaceAll('_', ' ');
    return badge(GROUP_STATES[plain] ?? '', words.charAt(0).toUpperCase() + words.slice(1));
}

/**
 * A labelled field. The problem document's sentence for it stands beneath it.
 * @param {{id: string, label: string, hint?: string, wrong?: string}} field
 */
export function field({id, label, hint, wrong}, control) {
    return html`<div class="field">
        <label for=${id}>${label}</label>
        ${control}
        ${wrong ? html`<span class="wrong" id="${id}-wrong" role="alert">${wrong}</span>` : nothing}
        ${hint && !wrong ? html`<span class="hint">${hint}</span>` : nothing}
    </div>`;
}

/** One of several, as a row of buttons. */
export function segments(label, options, chosen, onChoice, size = '') {
    return html`<div class="segments ${size}" role="group" aria-label=${label}>
        ${options.map(([value, text]) => html`
            <button type="button" aria-pressed=${value === chosen ? 'true' : 'false'}
                @click=${() => onChoice(value)}>${text}</button>`)}
    </div>`;
}

/** A JSON text in colours. */
export function coloured(text) {
    if (text.length > MAX_PRETTY_CHARACTERS) {
        return text;
    }
    return pieces(text).map(piece => html`<span class="j-${piece.kind}">${piece.text}</span>`);
}

/** Foot of a list: how much of it is seen, and the way to the rest. */
export function pager({from, shown, what, hasNext, onFirst, onNext}) {
    return html`<div class="foot">
        <span class="grow">${shown === 0 ? nothing : `${what} ${from + 1}–${from + shown}`}</span>
        ${from > 0 ? html`<button class="small" @click=${onFirst}>${icon('left')} First page</button>` : nothing}
        ${hasNext ? html`<button class="small" @click=${onNext}>Next page ${icon('right')}</button>` : nothing}
    </div>`;
}

/** Tells the shell to say something in passing. */
export function say(element, text, kind = 'good') {
    element.dispatchEvent(new CustomEvent('kaon-say', {bubbles: true, composed: true, detail: {text, kind}}));
}
