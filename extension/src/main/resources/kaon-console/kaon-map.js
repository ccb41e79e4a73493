// SPDX-License-Identifier: Apache-2.0
import {LitElement, css, html, nothing, svg} from 'lit';
import {count, rate} from './format.js';
import {isIncoming, layOut, path} from './layout.js';
import {shared} from './style.js';

/** So many characters fit into the things of the map. */
const FIT = {topic: 18, type: 22, method: 18, channel: 18, numbers: 24};
const KINDS = {incoming: 'Incoming', outgoing: 'Outgoing', internal: 'Internal'};
/** A line gets wider with the rate, tenfold by tenfold. */
const MAX_LINE = 5;
/** A map that is wider than the page gets smaller, to here; from there on it is moved. */
const MIN_SCALE = 0.85;

/** The map of an application, drawn: methods, channels and topics, from left to right as records flow. */
class KaonMap extends LitElement {
    static properties = {application: {attribute: false}, chosen: {}, room: {state: true}};

    static styles = [shared, css`
        .panel { overflow: auto; max-height: 62vh; background-color: var(--k-surface);
            background-image: radial-gradient(var(--k-line) 1px, transparent 1px); background-size: 20px 20px; }
        svg { display: block; margin: 0 auto; }
        text { font: 13px var(--k-font, system-ui, sans-serif); fill: var(--k-text); }
        .small { font-size: 11.5px; fill: var(--k-muted); font-variant-numeric: tabular-nums; }
        .mono { font-family: var(--k-mono); font-size: 12px; }
        .box { fill: var(--k-surface); stroke: var(--k-line-strong); stroke-width: 1; }
        .topic .box { fill: var(--k-accent-soft); stroke: transparent; }
        .topic text { fill: var(--k-accent); font-weight: 560; }
        .channel { cursor: pointer; }
        .channel text:first-of-type { font-weight: 580; }
        .channel:hover .box { stroke: var(--k-muted); }
        .channel.paused .box { stroke-dasharray: 5 4; stroke: var(--k-warn); }
        .channel.chosen .box { stroke: var(--k-accent-fill); stroke-width: 2; }
        .channel:focus-visible { outline: none; }
        .channel:focus-visible .box { stroke: var(--k-accent-fill); stroke-width: 2.5; }
        .method .box { fill: var(--k-sunken); stroke: transparent; }
        .light { fill: var(--k-good); }
        .paused .light { fill: var(--k-warn); }
        .failing .light { fill: var(--k-bad); }
        .edge { fill: none; stroke: var(--k-line-strong); }
        .edge.flow { stroke: var(--k-accent-fill); opacity: 0.55; stroke-dasharray: 2 8; stroke-linecap: round; }
        .edge.aside { stroke: var(--k-bad); stroke-dasharray: 4 4; opacity: 0.8; }
        @media (prefers-reduced-motion: no-preference) {
            .edge.flow { animation: flow 1.2s linear infinite; }
            @keyframes flow { to { stroke-dashoffset: -20; } }
        }
        .legend { display: flex; gap: 16px; flex-wrap: wrap; margin-top: 8px; font-size: 12px; color: var(--k-muted); }
        .legend i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; vertical-align: -2px; margin-right: 6px; }
        .legend .m { background: var(--k-sunken); border: 1px solid var(--k-line-strong); }
        .legend .c { background: var(--k-surface); border: 1px solid var(--k-line-strong); }
        .legend .t { background: var(--k-accent-soft); border: 1px solid var(--k-accent); }
    `];

    #watch = new ResizeObserver(([entry]) => {
        this.room = Math.round(entry.contentRect.width);
    });

    connectedCallback() {
        super.connectedCallback();
        this.#watch.observe(this);
    }

    disconnectedCallback() {
        super.disconnectedCallback();
        this.#watch.disconnect();
    }

    render() {
        const {nodes, edges, width, height} = layOut(this.application);
        const scale = Math.min(1, Math.max(MIN_SCALE, (this.room - 2) / width || 1));
        const at = new Map(nodes.map(node => [node.id, node]));
        return html`<div class="panel" tabindex="0" role="region" aria-label="Map of the application">
            <svg width=${Math.round(width * scale)} height=${Math.round(height * scale)} viewBox="0 0 ${width} ${height}">
                ${edges.map(edge => this.#edge(edge, at))}
                ${nodes.map(node => this.#node(node))}
            </svg></div>
            <div class="legend" aria-hidden="true"><span><i class="m"></i>method</span><span><i class="c"></i>channel</span>
                <span><i class="t"></i>topic</span></div>`;
    }

    #edge(edge, at) {
        const line = path(at.get(edge.from), at.get(edge.to));
        const speed = Number(edge.channel.rate_per_second) || 0;
        const width = Math.min(MAX_LINE, 1.5 + Math.log10(1 + speed));
        const moves = edge.kind === 'flow' && speed > 0 && !edge.channel.paused;
        return svg`<path class="edge ${edge.kind === 'aside' ? 'aside' : ''}" d=${line} stroke-width="1.5"></path>
            ${moves ? svg`<path class="edge flow" d=${line} stroke-width=${width}></path>` : nothing}`;
    }

    #node(node) {
        switch (node.kind) {
            case 'channel':
                return this.#channel(node);
            case 'topic':
                return svg`<a href=${`#topics/${encodeURIComponent(node.name)}`} class="topic" aria-label="Topic ${node.name}">
                    <rect class="box" x=${node.x} y=${node.y} width=${node.w} height=${node.h} rx="10"></rect>
                    <text x=${node.x + 14} y=${node.y + node.h / 2 + 4.5}>${cut(node.name, FIT.topic)}<title>${node.name}</title></text></a>`;
            default:
                return this.#method(node);
        }
    }

    #method(node) {
        const [type, method] = node.name.includes('#') ? node.name.split('#', 2) : ['', node.name];
        return svg`<g class="method">
            <rect class="box" x=${node.x} y=${node.y} width=${node.w} height=${node.h} rx="6"></rect>
            <text x=${node.x + 14} y=${node.y + 19} class="small">${cut(type.split('.').at(-1), FIT.type)}<title>${type}</title></text>
            <text x=${node.x + 14} y=${node.y + 35} class="mono">${cut(method, FIT.method)}<title>${node.name}</title></text></g>`;
    }

    #channel(node) {
        const one = node.channel;
        const state = one.paused ? 'paused' : Number(one.dead_letters) > 0 ? 'failing' : '';
        const numbers = [rate(one.rate_per_second)].filter(text => text !== '');
        if (Number(one.in_flight) > 0) {
            numbers.push(`${count(one.in_flight)} in flight`);
        }
        if (isIncoming(one) && Number(one.lag) > 0) {
            numbers.push(`lag ${count(one.lag)}`);
        }
        const dead = Number(one.dead_letters) > 0 ? `${count(one.dead_letters)} dead` : '';
        const said = one.paused ? ['paused', ...numbers.slice(1)] : dead ? [...numbers.slice(0, 1), dead] : numbers;
        const name = `${KINDS[one.direction] ?? ''} channel ${one.channel}, ${one.paused ? 'paused, ' : ''}${numbers.join(', ')}`
            + (dead ? `, ${dead}` : '');
        const choose = () => this.dispatchEvent(new CustomEvent('choose', {detail: one.channel}));
        return svg`<g class="channel ${state} ${one.channel === this.chosen ? 'chosen' : ''}" role="button" tabindex="0"
                aria-label=${name} @click=${choose} @keydown=${event => {
                    if (event.key === 'Enter' || event.key === ' ') {
                        event.preventDefault();
                        choose();
                    }
                }}>
            <rect class="box" x=${node.x} y=${node.y} width=${node.w} height=${node.h} rx=${node.h / 2}></rect>
            <circle class="light" cx=${node.x + 22} cy=${node.y + 24} r="4"></circle>
            <text x=${node.x + 36} y=${node.y + 28}>${cut(one.channel, FIT.channel)}<title>${one.channel}</title></text>
            <text x=${node.x + 36} y=${node.y + 46} class="small">${cut(said.join(' · '), FIT.numbers)}</text></g>`;
    }
}

function cut(name, most) {
    return name.length > most ? `${name.slice(0, most - 1)}…` : name;
}

customElements.define('kaon-map', KaonMap);
