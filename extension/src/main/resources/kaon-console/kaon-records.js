// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing} from 'lit';
import {repeat} from 'lit/directives/repeat.js';
import {api} from './api.js';
import {isNull, preview} from './datum.js';
import {bytes, count, countOf, moment} from './format.js';
import {icon} from './icons.js';
import {empty, segments, trouble, waiting} from './parts.js';
import {refine} from './route.js';
import {shared} from './style.js';
import {Tail} from './tail.js';
import './kaon-record.js';

const PAGE = 50;
const MAX_ROWS = 500;
/** Past so many partitions the number is typed, not chosen from a list. */
const MAX_CHOICES = 200;
const POSITIONS = [['newest', 'Newest'], ['oldest', 'Oldest'], ['offset', 'Offset'], ['timestamp', 'Time'], ['live', 'Live']];
const PLACES = [['', 'Everywhere'], ['key', 'In keys'], ['value', 'In values'], ['headers', 'In headers']];

/** The records of a topic: from one end, from an offset or a moment, found by a text, or as they come. */
class KaonRecords extends LitElement {
    static properties = {
        topic: {}, partitions: {type: Number}, total: {}, query: {attribute: false},
        state: {state: true}, chosen: {state: true},
    };

    static styles = [shared, css`
        .search { display: flex; gap: 6px; flex: 1; min-width: 280px; max-width: 520px; }
        .search .searchbox { flex: 1; width: auto; }
        .at { width: 190px; }
        .partition { max-width: 150px; }
        .columns { display: grid; grid-template-columns: minmax(0, 1fr); gap: 16px; align-items: start; }
        .columns.open { grid-template-columns: minmax(0, 1fr) minmax(360px, 44%); }
        kaon-record { position: sticky; top: 16px; }
        @media (max-width: 1080px) {
            .columns.open { grid-template-columns: minmax(0, 1fr); }
            kaon-record { position: static; grid-row: 1; }
        }
        table { table-layout: fixed; }
        td { padding-top: 6px; padding-bottom: 6px; font-size: 13px; }
        th, td { padding-left: 10px; padding-right: 10px; }
        th.p { width: 56px; } th.o { width: 104px; } th.t { width: 186px; } th.k { width: 20%; } th.s { width: 84px; }
        .open th.t { width: 108px; } .open th.s { display: none; } .open td.s { display: none; }
        td.cut { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-family: var(--k-mono); font-size: 12.5px; }
        td.null { color: var(--k-muted); font-style: italic; }
        td.time { color: var(--k-muted); font-variant-numeric: tabular-nums; white-space: nowrap; overflow: hidden; }
        tbody tr { cursor: pointer; }
        tbody tr[aria-selected='true'] td { background: var(--k-accent-soft); }
        td button.offset {
            height: auto; padding: 0; border: 0; background: none; color: var(--k-accent); font-variant-numeric: tabular-nums;
        }
        .status { display: flex; align-items: center; gap: 10px; min-height: 28px; margin-bottom: 8px; color: var(--k-muted);
            font-size: 12.5px; flex-wrap: wrap; }
        .pulse { width: 8px; height: 8px; border-radius: 50%; background: var(--k-good); }
        .pulse.still { background: var(--k-warn); }
        @media (prefers-reduced-motion: no-preference) {
            .pulse:not(.still) { animation: pulse 1.6s ease-in-out infinite; }
            @keyframes pulse { 50% { opacity: 0.35; } }
        }
    `];

    #abort = null;
    #trail = [];
    #tail = new Tail(() => this.requestUpdate());

    constructor() {
        super();
        this.query = {};
        this.state = fresh();
        this.chosen = null;
    }

    disconnectedCallback() {
        super.disconnectedCallback();
        this.#abort?.abort();
        this.#tail.end();
    }

    willUpdate(changed) {
        if (changed.has('topic') || (changed.has('query') && key(changed.get('query')) !== key(this.query))) {
            this.chosen = null;
            this.#trail = [];
            this.#start();
        }
    }

    /** Looks again at what is shown. */
    refresh() {
        if (!this.#isLive()) {
            this.#load(this.#trail.at(-1) ?? null);
        }
    }

    #isLive() {
        return this.query.position === 'live';
    }

    #start() {
        this.#abort?.abort();
        this.#tail.end();
        this.state = fresh();
        if (this.#isLive()) {
            this.#tail.begin(this.topic, {partition: this.query.partition, search: this.query.search});
        } else if (this.#isWaitingForPlace()) {
            this.state = {...fresh(), loading: false};
        } else {
            this.#load(null);
        }
    }

    #isWaitingForPlace() {
        const {position} = this.query;
        return (position === 'offset' && !this.query.offset) || (position === 'timestamp' && !this.query.timestamp);
    }

    /** @param {string|null} cursor where a page begins; null for the place of the query */
    async #load(cursor, before = []) {
        this.#abort?.abort();
        const abort = new AbortController();
        this.#abort = abort;
        this.state = {...this.state, loading: true, problem: null};
        const {position = 'newest', offset, timestamp, partition, search, in: place} = this.query;
        const wish = {partition, search, search_in: search ? place : undefined, limit: PAGE};
        Object.assign(wish, cursor ? {cursor} : {
            position,
            offset: position === 'offset' ? offset : undefined,
            timestamp: position === 'timestamp' ? timestamp : undefined,
        });
        const began = performance.now();
        try {
            const list = await api.records(this.topic, wish, abort.signal);
            const sofar = before.length > 0 ? this.state.scanned : 0;
            this.state = {
                loading: false, problem: null, records: [...before, ...list.data].slice(-MAX_ROWS), page: list.page,
                scanned: sofar + list.page.scanned, ms: Math.round(performance.now() - began), total: this.total,
            };
        } catch (problem) {
            if (problem.name !== 'AbortError') {
                this.state = {...this.state, loading: false, problem};
            } else if (this.#abort === abort) {
                this.state = {...this.state, loading: false};
            }
        }
    }

    render() {
        const live = this.#isLive();
        const rows = live ? this.#tail.rows : this.state.records;
        return html`
            ${this.#toolbar()}
            ${trouble(this.#unplaced(live ? this.#tail.problem : this.state.problem), () => this.#start())}
            <div class="status" role="status">${live ? this.#liveStatus() : this.#status()}</div>
            <div class="columns ${this.chosen ? 'open' : ''}">
                <div class="panel">${this.#table(rows, live)}${live ? nothing : this.#foot()}</div>
                ${this.chosen ? html`<kaon-record .topic=${this.topic} .record=${this.chosen}
                    @closed=${this.#close} @step=${event => this.#step(event.detail)}></kaon-record>` : nothing}
            </div>`;
    }

    #unplaced(problem) {
        const placed = ['offset', 'timestamp', 'partition', 'search'];
        return problem && Object.keys(problem.fields ?? {}).some(name => placed.includes(name)) ? null : problem;
    }

    #wrong(name) {
        const said = (this.#isLive() ? this.#tail.problem : this.state.problem)?.fields?.[name];
        return said ? html`<span class="bad" role="alert">${said}</span>` : nothing;
    }

    #toolbar() {
        const {position = 'newest', search = '', in: place = ''} = this.query;
        return html`<div class="toolbar">
            ${segments('Where to look', POSITIONS, position, value => refine({position: value}))}
            ${position === 'offset' ? html`<input class="at" aria-label="Offset" placeholder="Offset, then Enter" inputmode="numeric"
                .value=${this.query.offset ?? ''} @change=${event => refine({offset: event.target.value.trim()})}>` : nothing}
            ${position === 'timestamp' ? html`<input class="at" aria-label="Time" type="datetime-local" step="1"
                .value=${localTime(this.query.timestamp)} @change=${event => refine({timestamp: isoTime(event.target.value)})}>` : nothing}
            ${this.#partitionChoice()}
            <form class="search" role="search" @submit=${this.#search}>
                <div class="searchbox">${icon('search')}<input type="search" name="search" aria-label="Search records"
                    placeholder="Search records" .value=${search} @search=${this.#cleared}></div>
                ${position === 'live' ? nothing : html`<select name="in" aria-label="Where to search" @change=${event => search
                    && refine({in: event.target.value})}>${PLACES.map(([value, text]) => html`
                    <option value=${value} ?selected=${value === place}>${text}</option>`)}</select>`}
                <button type="submit">Search</button>
            </form>
            ${this.#wrong('offset')}${this.#wrong('timestamp')}${this.#wrong('partition')}${this.#wrong('search')}
        </div>`;
    }

    #partitionChoice() {
        if (this.partitions === 1) {
            return nothing;
        }
        const {partition = ''} = this.query;
        const choose = event => refine({partition: event.target.value.trim()});
        if (this.partitions > MAX_CHOICES) {
            return html`<input class="partition" aria-label="Partition" placeholder="Partition" inputmode="numeric" .value=${partition}
                @change=${choose}>`;
        }
        return html`<select class="partition" aria-label="Partition" @change=${choose}>
            <option value="" ?selected=${partition === ''}>All partitions</option>
            ${Array.from({length: this.partitions}, (_, at) => html`
                <option value=${at} ?selected=${partition === String(at)}>Partition ${at}</option>`)}
        </select>`;
    }

    #status() {
        const {loading, records, scanned, page, ms} = this.state;
        if (loading) {
            return html`<span>${this.query.search ? 'Searching…' : 'Reading…'}</span>
                <button class="small" @click=${() => this.#abort?.abort()}>Stop</button>`;
        }
        if (!page) {
            return nothing;
        }
        const looked = this.query.search
            ? html`<span>${countOf(records.length, 'record')} found · ${countOf(scanned, 'record')} looked at · ${ms} ms</span>`
            : html`<span>${countOf(records.length, 'record')} · ${ms} ms</span>`;
        const fresh = Number(this.total) - Number(this.state.total);
        return html`${looked}<span class="grow"></span>
            ${fresh > 0 ? html`<span class="good">${count(fresh)} more since</span>` : nothing}
            <button class="small quiet" @click=${() => this.#start()}>${icon('refresh')} Refresh</button>`;
    }

    #liveStatus() {
        const tail = this.#tail;
        return html`<span class="pulse ${tail.paused ? 'still' : ''}"></span>
            <span>${tail.paused ? `Paused · ${countOf(tail.held, 'record')} came since` : 'Following'}
                · ${count(tail.received)} received · ${count(tail.perSecond)} /s${tail.skipped > 0
                ? ` · ${count(tail.skipped)} skipped` : ''}</span><span class="grow"></span>
            <button class="small" @click=${() => tail.turn()}>${icon(tail.paused ? 'play' : 'pause')}
                ${tail.paused ? 'Go on' : 'Pause'}</button>
            <button class="small quiet" @click=${() => tail.clear()}>Clear</button>`;
    }

    #table(rows, live) {
        if (rows.length === 0) {
            return this.#nothing(live);
        }
        return html`<table aria-label="Records" @keydown=${this.#key}>
            <thead><tr><th class="p number">Part.</th><th class="o number">Offset</th><th class="t">Time</th><th class="k">Key</th>
                <th>Value</th><th class="s number">Size</th></tr></thead>
            <tbody>${repeat(rows, nameOf, record => this.#row(record))}</tbody></table>`;
    }

    #row(record) {
        const chosen = this.chosen !== null && nameOf(this.chosen) === nameOf(record);
        const time = moment(record.timestamp);
        return html`<tr aria-selected=${chosen ? 'true' : 'false'} @click=${() => this.#choose(record)}>
            <td class="number muted">${record.partition_id}</td>
            <td class="number"><button class="offset" aria-label="Record ${record.offset} of partition ${record.partition_id}">
                ${count(record.offset)}</button></td>
            <td class="time" title=${time}>${this.chosen ? time.slice(11) : time}</td>
            <td class="cut ${isNull(record.key) ? 'null' : ''}">${preview(record.key)}</td>
            <td class="cut ${isNull(record.value) ? 'null' : ''}">${preview(record.value)}</td>
            <td class="s number muted">${bytes(record.size)}</td>
        </tr>`;
    }

    #nothing(live) {
        if (live) {
            return empty('play', 'Waiting for records', 'What is written from now on appears here, the newest on top.');
        }
        if (this.state.loading) {
            return waiting('Reading records');
        }
        if (this.#isWaitingForPlace()) {
            return empty('rewind', this.query.position === 'offset' ? 'From which offset?' : 'From which moment?',
                'Say it above; the first record at or after it comes first.');
        }
        if (this.query.search) {
            return empty('search', 'Nothing found so far', this.#canGoOn()
                ? `${countOf(this.state.scanned, 'record')} were looked at. There are more.`
                : `${countOf(this.state.scanned, 'record')} were looked at: all there are.`);
        }
        if (this.state.problem) {
            return nothing;
        }
        return empty('topics', 'No records here', 'Produce one, or follow the topic live while an application writes to it.', html`
            <button class="primary" @click=${() => this.#produce(null)}>${icon('send')} Produce a record</button>`);
    }

    #cursor() {
        const {page} = this.state;
        return page?.order === 'oldest_first' ? page.newer : page?.older;
    }

    #canGoOn() {
        return Boolean(this.#cursor());
    }

    #foot() {
        const {records, page, loading} = this.state;
        if (!page || (records.length === 0 && !this.#canGoOn())) {
            return nothing;
        }
        const words = page.order === 'oldest_first' ? 'Newer' : 'Older';
        const searching = this.query.search && page.complete === false;
        return html`<div class="foot">
            <span class="grow">${searching ? 'The search stopped here to spare the broker.' : nothing}</span>
            ${this.#trail.length > 0 ? html`<button class="small" ?disabled=${loading} @click=${() => this.#back()}>
                ${icon('left')} Back</button>` : nothing}
            ${!this.#canGoOn() ? html`<span>The ${words === 'Newer' ? 'newest' : 'oldest'} record is above.</span>` : searching
                ? html`<button class="small" ?disabled=${loading} @click=${() => this.#load(this.#cursor(), records)}>Search on</button>`
                : html`<button class="small" ?disabled=${loading} @click=${() => this.#next()}>${words} ${icon('right')}</button>`}
        </div>`;
    }

    #next() {
        const cursor = this.#cursor();
        this.#trail.push(cursor);
        this.chosen = null;
        this.#load(cursor);
    }

    #back() {
        this.#trail.pop();
        this.chosen = null;
        this.#load(this.#trail.at(-1) ?? null);
    }

    #search = event => {
        event.preventDefault();
        const {search, in: place} = event.target.elements;
        const wish = {search: search.value, in: search.value ? place?.value : ''};
        if (wish.search === (this.query.search ?? '') && (wish.in ?? '') === (this.query.in ?? '')) {
            this.#start();
        } else {
            refine(wish);
        }
    };

    /** The cross of the search box. */
    #cleared = event => {
        if (event.target.value === '' && this.query.search) {
            refine({search: '', in: ''});
        }
    };

    #choose(record) {
        this.chosen = this.chosen !== null && nameOf(this.chosen) === nameOf(record) ? null : record;
    }

    #close = () => {
        this.chosen = null;
    };

    #key = event => {
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            this.#step(event.key === 'ArrowDown' ? 1 : -1);
        } else if (event.key === 'Escape') {
            this.chosen = null;
        }
    };

    async #step(by) {
        const rows = this.#isLive() ? this.#tail.rows : this.state.records;
        const at = this.chosen === null ? -1 : rows.findIndex(row => nameOf(row) === nameOf(this.chosen));
        const next = rows[Math.min(rows.length - 1, Math.max(0, at + by))];
        if (next) {
            this.chosen = next;
            await this.updateComplete;
            const row = this.renderRoot.querySelector("tr[aria-selected='true']");
            row?.querySelector('button')?.focus({preventScroll: true});
            row?.scrollIntoView({block: 'nearest'});
        }
    }

    #produce(template) {
        this.dispatchEvent(new CustomEvent('produce', {detail: template}));
    }
}

function fresh() {
    return {loading: true, problem: null, records: [], page: null, scanned: 0, ms: 0, total: 0};
}

function key(query) {
    const {position, offset, timestamp, partition, search, in: place} = query ?? {};
    return query ? JSON.stringify([position, offset, timestamp, partition, search, place]) : null;
}

function nameOf(record) {
    return `${record.partition_id}-${record.offset}`;
}

function localTime(iso) {
    return iso ? moment(iso).slice(0, 19).replace(' ', 'T') : '';
}

function isoTime(local) {
    const date = new Date(local);
    return Number.isNaN(date.getTime()) ? '' : date.toISOString();
}

customElements.define('kaon-records', KaonRecords);
