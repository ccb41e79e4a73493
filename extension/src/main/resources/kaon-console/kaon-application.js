// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api} from './api.js';
import {count, rate} from './format.js';
import {icon} from './icons.js';
import {isIncoming} from './layout.js';
import {badge, empty, say, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {go, link} from './route.js';
import {shared} from './style.js';
import './kaon-dead-letters.js';
import './kaon-map.js';

/** The application: which method has which channel on which topic, and how the records flow. */
class KaonApplication extends LitElement {
    static properties = {channel: {}, problem: {state: true}};

    static styles = [shared, css`
        kaon-map { margin-bottom: 18px; }
        td svg.icon { display: inline-block; vertical-align: -3px; color: var(--k-muted); }
        tbody tr[aria-selected='true'] td { background: var(--k-accent-soft); }
        .about { margin-top: 18px; }
        .about .row { margin-bottom: 12px; }
        .about h2 { margin-right: 6px; }
        .act { width: 1%; white-space: nowrap; padding-top: 4px; padding-bottom: 4px; }
    `];

    #application = null;
    #poll = new Poll(this, async () => {
        this.#application = await api.application();
    }, 2000);

    constructor() {
        super();
        this.problem = null;
    }

    render() {
        const application = this.#application;
        const channels = application?.channels ?? [];
        return html`
            <div class="head"><div class="titles"><h1>${application?.name || 'Application'}</h1>
                <p class="sub">Which method has which channel on which topic, and how the records flow.</p></div></div>
            ${trouble(this.#poll.problem ?? this.problem, () => this.#poll.now())}
            ${application === null ? (this.#poll.problem ? nothing : waiting('Loading the application'))
                : channels.length === 0 ? html`<div class="panel">${empty('map', 'No channels yet',
                    'A method with @Incoming or @Outgoing makes one: it appears here with its topic, its rate and its lag.')}</div>`
                    : html`<kaon-map .application=${application} .chosen=${this.channel}
                        @choose=${event => go(['application', event.detail])}></kaon-map>
                    ${this.#table(channels)}${this.#about(channels.find(one => one.channel === this.channel))}`}`;
    }

    #table(channels) {
        return html`<div class="panel"><div class="scroll"><table>
            <thead><tr><th>Channel</th><th>Topic</th><th>Method</th><th class="number">Rate</th><th class="number">In flight</th>
                <th class="number">Lag</th><th class="number">Failed</th><th>State</th><th><span class="hidden-label">Order</span></th></tr>
            </thead>
            <tbody>${channels.map(one => html`<tr aria-selected=${one.channel === this.channel ? 'true' : 'false'}>
                <td class="nowrap">${icon(isIncoming(one) ? 'download' : 'send')}
                    <a class="name" href=${link(['application', one.channel])}>${one.channel}</a></td>
                <td>${(one.topics ?? []).map((name, at) => html`${at > 0 ? ', ' : nothing}<a href=${link(['topics', name])}>${name}</a>`)}</td>
                <td class="mono">${[...(one.methods ?? []), ...(one.emitters ?? [])].map(shortName).join(', ')}</td>
                <td class="number">${rate(one.rate_per_second)}</td>
                <td class="number">${count(one.in_flight)}</td>
                <td class="number">${isIncoming(one) ? count(one.lag) : ''}</td>
                <td class="number ${Number(one.failed) > 0 ? 'bad' : 'muted'}">${count(one.failed)}</td>
                <td>${one.paused ? badge('warn', 'Paused') : badge('good', 'Running')}</td>
                <td class="act">${one.can_pause ? html`<button class="small" @click=${() => this.#turn(one)}
                    aria-label="${one.paused ? 'Resume' : 'Pause'} ${one.channel}">
                    ${icon(one.paused ? 'play' : 'pause')} ${one.paused ? 'Resume' : 'Pause'}</button>` : nothing}</td>
            </tr>`)}</tbody></table></div></div>`;
    }

    #about(one) {
        if (!one) {
            return nothing;
        }
        const strategy = one.failure_strategy;
        return html`<section class="about panel padded" aria-label="Channel ${one.channel}">
            <div class="row"><h2>${one.channel}</h2>
                <span class="badge">${one.direction}</span>
                ${one.connector ? html`<span class="badge">${one.connector}${one.embedded ? ' · the broker of this application' : ''}</span>` : nothing}</div>
            <dl class="pairs">
                ${one.group ? html`<dt>Group</dt><dd><a href=${link(['groups', one.group])}>${one.group}</a></dd>` : nothing}
                ${isIncoming(one) ? html`<dt>Received</dt><dd>${count(one.received)}</dd>
                    <dt>Acknowledged</dt><dd>${count(one.acknowledged)}</dd>` : html`<dt>Sent</dt><dd>${count(one.sent)}</dd>`}
                ${strategy ? html`<dt>On failure</dt><dd>${strategy}</dd>` : nothing}
                ${one.retry_topics?.length ? html`<dt>Retry topics</dt><dd>${one.retry_topics.map((name, at) => html`${at > 0 ? ', ' : ''}
                    <a href=${link(['topics', name])}>${name}</a>`)}</dd>` : nothing}
                ${one.dead_letter_topic ? html`<dt>Dead letters</dt><dd><a href=${link(['topics', one.dead_letter_topic])}>
                    ${one.dead_letter_topic}</a></dd>` : nothing}
            </dl>
            ${isIncoming(one) && one.dead_letter_topic
                ? html`<kaon-dead-letters .channel=${one.channel} .total=${one.dead_letters}></kaon-dead-letters>` : nothing}
        </section>`;
    }

    async #turn(one) {
        try {
            await api.turnChannel(one.channel, one.paused ? 'resume' : 'pause');
            this.problem = null;
            say(this, `${one.channel} ${one.paused ? 'goes on' : 'is paused'}.`);
        } catch (problem) {
            this.problem = problem;
        }
        this.#poll.now();
    }
}

/** 'org.acme.shop.Orders#take' → 'Orders#take'. */
function shortName(place) {
    return place.replace(/^(?:[^#]*\.)?([^.#]+(?:#.*)?)$/, '$1');
}

customElements.define('kaon-application', KaonApplication);
