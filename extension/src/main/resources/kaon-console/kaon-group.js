// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {api, nextToken} from './api.js';
import {count, countOf} from './format.js';
import {icon} from './icons.js';
import {empty, groupState, pager, say, trouble, waiting} from './parts.js';
import {Poll} from './poll.js';
import {go, link} from './route.js';
import {shared} from './style.js';
import './kaon-confirm.js';
import './kaon-menu.js';
import './kaon-reset.js';

const PAGE = 100;
const MEMBERS = 100;

/** One consumer group: who is in it, what each has, and how far behind it is. */
class KaonGroup extends LitElement {
    static properties = {group: {}, dialog: {state: true}, page: {state: true}};

    static styles = [shared, css`
        section + section { margin-top: 26px; }
        section > h2 { margin-bottom: 10px; }
        .bar { display: inline-block; width: 90px; height: 5px; border-radius: 3px; background: var(--k-sunken); overflow: hidden;
            vertical-align: 2px; margin-left: 10px; }
        .bar svg { display: block; width: 100%; height: 100%; }
        .bar rect { fill: var(--k-accent-fill); }
        td.id { font-family: var(--k-mono); font-size: 12.5px; overflow-wrap: anywhere; }
    `];

    #about = null;
    #members = [];
    #lags = null;
    #poll = new Poll(this, () => this.#load(), 2500);

    constructor() {
        super();
        this.dialog = null;
        this.page = {from: 0, token: null};
    }

    willUpdate(changed) {
        if (changed.has('group') && changed.get('group') !== undefined) {
            Object.assign(this, {dialog: null, page: {from: 0, token: null}});
            this.#about = null;
            this.#lags = null;
            this.#poll.now();
        }
    }

    async #load() {
        const {group} = this;
        const [about, members, lags] = await Promise.all([
            api.group(group), api.members(group, {size: MEMBERS}), api.lags(group, {size: PAGE, token: this.page.token}),
        ]);
        if (group === this.group) {
            this.#about = about;
            this.#members = members.data;
            this.#lags = lags;
        }
    }

    render() {
        if (this.#poll.problem?.status === 404) {
            return empty('groups', 'This group is not there',
                `No consumer group has the id ${this.group}. It may have been deleted, or have expired.`,
                html`<a class="button" href=${link(['groups'])}>All groups</a>`);
        }
        const about = this.#about;
        return html`
            <div class="head">
                <div class="titles">
                    <div class="crumb"><a href=${link(['groups'])}>Consumer groups</a></div>
                    <h1>${this.group}</h1>
                    ${about ? html`<div class="facts">${groupState(about.state)}
                        <span>protocol <b>${about.type.toLowerCase()}</b></span>
                        ${about.partition_assignor ? html`<span>assignor <b>${about.partition_assignor}</b></span>` : nothing}
                        <span><b>${count(about.members_count)}</b> ${about.members_count === 1 ? 'member' : 'members'}</span>
                        <span>lag <b>${count(about.total_lag)}</b></span></div>` : nothing}
                </div>
                <div class="row">
                    <button @click=${() => this.#open('reset')}>${icon('rewind')} Reset offsets</button>
                    <kaon-menu label="More to do with this group" .items=${[
                        {text: 'Delete the group', icon: 'trash', danger: true, run: () => this.#open('delete')},
                    ]}></kaon-menu>
                </div>
            </div>
            ${trouble(this.#poll.problem)}
            ${about ? html`${this.#membersPart()}${this.#lagsPart()}` : this.#poll.problem ? nothing : waiting('Loading the group')}
            ${this.#dialogPart()}`;
    }

    #membersPart() {
        if (this.#members.length === 0) {
            return html`<section><h2>Members</h2><div class="panel">${empty('groups', 'Nobody is in this group now',
                'Its committed offsets wait for the next consumer. They can be reset meanwhile.')}</div></section>`;
        }
        const owned = new Map();
        for (const lag of this.#lags?.data ?? []) {
            if (lag.consumer_id) {
                owned.set(lag.consumer_id, [...(owned.get(lag.consumer_id) ?? []), `${lag.topic_name}-${lag.partition_id}`]);
            }
        }
        return html`<section><h2>Members</h2><div class="panel"><div class="scroll"><table>
            <thead><tr><th>Client</th><th>Member</th><th>Host</th><th>Has</th></tr></thead>
            <tbody>${this.#members.map(member => html`<tr>
                <td class="name">${member.client_id}${member.instance_id
                    ? html` <span class="badge">${member.instance_id}</span>` : nothing}</td>
                <td class="id muted">${member.consumer_id}</td>
                <td class="muted nowrap">${member.host}</td>
                <td class="muted">${assigned(member, owned.get(member.consumer_id))}</td>
            </tr>`)}</tbody></table></div></div></section>`;
    }

    #lagsPart() {
        const lags = this.#lags?.data ?? [];
        if (lags.length === 0) {
            return html`<section><h2>Lag</h2><div class="panel">${empty('rewind', 'No committed offsets yet',
                'They appear when the group’s consumers commit, or when you reset the offsets of a topic.')}</div></section>`;
        }
        const most = Math.max(1, ...lags.map(lag => Number(lag.lag) || 0));
        return html`<section><h2>Lag</h2><div class="panel"><div class="scroll"><table>
            <thead><tr><th>Topic</th><th class="number">Partition</th><th class="number">Committed</th><th class="number">End</th>
                <th class="number">Lag</th><th>Client</th></tr></thead>
            <tbody>${lags.map(lag => html`<tr>
                <td><a class="name" href=${link(['topics', lag.topic_name])}>${lag.topic_name}</a></td>
                <td class="number">${lag.partition_id}</td>
                <td class="number">${count(lag.current_offset) || '–'}</td>
                <td class="number muted">${count(lag.log_end_offset)}</td>
                <td class="number">${count(lag.lag)}<span class="bar" aria-hidden="true"><svg viewBox="0 0 100 4"
                    preserveAspectRatio="none"><rect height="4" width=${Math.round(100 * (Number(lag.lag) || 0) / most)}></rect></svg>
                    </span></td>
                <td class="muted">${lag.client_id}</td>
            </tr>`)}</tbody></table></div>
            ${pager({
                from: this.page.from, shown: lags.length, what: 'Partitions', hasNext: nextToken(this.#lags) !== null,
                onFirst: () => this.#turn({from: 0, token: null}),
                onNext: () => this.#turn({from: this.page.from + lags.length, token: nextToken(this.#lags)}),
            })}</div></section>`;
    }

    #dialogPart() {
        switch (this.dialog) {
            case 'reset':
                return html`<kaon-reset .group=${this.group} .topics=${[...new Set((this.#lags?.data ?? []).map(lag => lag.topic_name))]}
                    .inUse=${this.#members.length > 0} @closed=${this.#close} @done=${() => this.#reset()}></kaon-reset>`;
            case 'delete':
                return html`<kaon-confirm heading="Delete the group" action="Delete" .word=${this.group}
                    text="Its committed offsets are deleted. A consumer that comes back begins as its auto.offset.reset says."
                    .run=${() => api.deleteGroup(this.group)} @closed=${this.#close} @done=${() => this.#deleted()}></kaon-confirm>`;
            default:
                return nothing;
        }
    }

    #turn(page) {
        this.page = page;
        this.#poll.now();
    }

    #open(dialog) {
        this.dialog = dialog;
    }

    #close = () => {
        this.dialog = null;
    };

    #reset() {
        this.dialog = null;
        say(this, `The offsets of ${this.group} are reset.`);
        this.#poll.now();
    }

    #deleted() {
        say(this, `${this.group} is deleted.`);
        go(['groups']);
    }
}

const SHOWN = 6;

function assigned(member, owned) {
    const all = owned ?? [];
    if (all.length === 0) {
        return member.partitions_count === 0 ? 'nothing' : countOf(member.partitions_count, 'partition');
    }
    return all.length > SHOWN ? `${all.slice(0, SHOWN).join(', ')} and ${countOf(all.length - SHOWN, 'other')}` : all.join(', ');
}

customElements.define('kaon-group', KaonGroup);
