// SPDX-License-Identifier: Apache-2.0
// Where the things of the map stand: from left to right as records flow. Pure functions, tested without a browser.

/** How wide each kind of thing is, and how high. */
const SIZES = {topic: [152, 44], channel: [192, 58], method: [164, 46]};
const COLUMN_GAP = 42;
const ROW_GAP = 20;
const MARGIN = 20;
const ROUNDS = 8;

/**
 * The picture of an application, as the interface describes it.
 * @param {{channels: Array, methods?: Array, links?: Array}} application
 * @returns {{nodes: Array, edges: Array, width: number, height: number}} nodes have id, kind, name, channel, x, y, w, h
 */
export function layOut(application) {
    const graph = graphOf(application);
    const layers = layersOf(graph);
    const columns = columnsOf(graph, layers);
    place(graph, columns);
    const nodes = [...graph.nodes.values()];
    return {
        nodes,
        edges: graph.edges,
        width: Math.max(0, ...nodes.map(node => node.x + node.w)) + MARGIN,
        height: Math.max(0, ...nodes.map(node => node.y + node.h)) + MARGIN,
    };
}

export function isIncoming(channel) {
    return channel.direction === 'incoming';
}

function graphOf({channels, methods = [], links = []}) {
    const nodes = new Map();
    const edges = [];
    const node = (kind, name, channel = null) => {
        const id = `${kind}:${name}`;
        if (!nodes.has(id)) {
            nodes.set(id, {id, kind, name, channel, x: 0, y: 0, w: SIZES[kind][0], h: SIZES[kind][1]});
        }
        return nodes.get(id);
    };
    const edge = (from, to, channel, kind = 'flow') => edges.push({from: from.id, to: to.id, channel, kind});
    const self = channel => node('channel', `${channel.direction}:${channel.channel}`, channel);
    const known = (name, ...directions) => channels.find(one => one.channel === name && directions.includes(one.direction));
    for (const channel of channels) {
        const names = [...(channel.topics ?? []), ...(channel.topic_pattern ? [channel.topic_pattern] : [])];
        for (const topic of names.map(name => node('topic', name))) {
            isIncoming(channel) ? edge(topic, self(channel), channel) : edge(self(channel), topic, channel);
        }
        for (const place of (channel.emitters ?? []).map(name => node('method', name))) {
            isIncoming(channel) ? edge(self(channel), place, channel) : edge(place, self(channel), channel);
        }
    }
    for (const step of methods) {
        for (const channel of step.incoming.map(name => known(name, 'incoming', 'internal')).filter(Boolean)) {
            edge(self(channel), node('method', step.method), channel);
        }
        for (const channel of step.outgoing.map(name => known(name, 'outgoing', 'internal')).filter(Boolean)) {
            edge(node('method', step.method), self(channel), channel);
        }
    }
    for (const link of links.filter(one => one.purpose !== 'records' && one.from)) {
        const channel = known(link.from, link.from_direction);
        if (channel && (link.purpose === 'retries' || Number(channel.dead_letters) > 0)) {
            edge(self(channel), node('topic', link.topic), channel, 'aside');
        }
    }
    return {nodes, edges};
}

/** The longest way from where nothing comes in; what leads back to its own beginning is no way. */
function layersOf({nodes, edges}) {
    const out = new Map([...nodes.keys()].map(id => [id, []]));
    edges.forEach(edge => out.get(edge.from).push(edge.to));
    const incoming = new Map([...nodes.keys()].map(id => [id, 0]));
    edges.forEach(edge => incoming.set(edge.to, incoming.get(edge.to) + 1));
    const done = new Map();
    const order = [];
    const onWay = new Set();
    const back = new Set();
    const visit = id => {
        done.set(id, true);
        onWay.add(id);
        for (const next of out.get(id)) {
            if (onWay.has(next)) {
                back.add(`${id}>${next}`);
            } else if (!done.has(next)) {
                visit(next);
            }
        }
        onWay.delete(id);
        order.unshift(id);
    };
    const roots = [...nodes.keys()].sort((one, other) => incoming.get(one) - incoming.get(other));
    roots.forEach(id => done.has(id) || visit(id));
    const layers = new Map(order.map(id => [id, 0]));
    for (const id of order) {
        for (const next of out.get(id)) {
            if (!back.has(`${id}>${next}`)) {
                layers.set(next, Math.max(layers.get(next), layers.get(id) + 1));
            }
        }
    }
    return pulled(layers, {nodes, out, back});
}

/** What nothing comes into stands next to what it leads to, not at the far left. */
function pulled(layers, {nodes, out, back}) {
    const hasInput = new Set();
    for (const [id, targets] of out) {
        targets.forEach(next => back.has(`${id}>${next}`) || hasInput.add(next));
    }
    for (const id of [...nodes.keys()].filter(one => !hasInput.has(one))) {
        const next = out.get(id).filter(target => !back.has(`${id}>${target}`)).map(target => layers.get(target));
        if (next.length > 0) {
            layers.set(id, Math.min(...next) - 1);
        }
    }
    return layers;
}

function columnsOf({nodes, edges}, layers) {
    const columns = [];
    for (const id of nodes.keys()) {
        (columns[layers.get(id)] ??= []).push(id);
    }
    const filled = Array.from(columns, column => column ?? []);
    const neighbours = new Map([...nodes.keys()].map(id => [id, []]));
    edges.forEach(edge => {
        neighbours.get(edge.from).push(edge.to);
        neighbours.get(edge.to).push(edge.from);
    });
    for (let round = 0; round < ROUNDS; round += 1) {
        const rank = new Map(filled.flatMap(column => column.map((id, at) => [id, at / Math.max(1, column.length)])));
        for (const column of filled) {
            const wish = id => mean(neighbours.get(id).map(other => rank.get(other)), rank.get(id));
            const wishes = new Map(column.map(id => [id, wish(id)]));
            column.sort((one, other) => wishes.get(one) - wishes.get(other));
        }
    }
    return filled.map(column => column.map(id => ({node: nodes.get(id), near: neighbours.get(id)})));
}

function place({nodes}, columns) {
    let x = MARGIN;
    columns.forEach(column => {
        const width = Math.max(0, ...column.map(({node}) => node.w));
        let y = MARGIN;
        for (const {node} of column) {
            node.x = x + (width - node.w) / 2;
            node.y = y;
            y += node.h + ROW_GAP;
        }
        x += width + COLUMN_GAP;
    });
    for (let round = 0; round < ROUNDS; round += 1) {
        for (const column of round % 2 === 0 ? columns : [...columns].reverse()) {
            column.forEach(({node, near}) => {
                node.y = mean(near.map(id => nodes.get(id).y + nodes.get(id).h / 2), node.y + node.h / 2) - node.h / 2;
            });
            spread(column.map(({node}) => node));
        }
    }
    const top = Math.min(...[...nodes.values()].map(node => node.y));
    nodes.forEach(node => {
        node.y = Math.round(node.y - top + MARGIN);
    });
}

/** Keeps the order and the gap: down from the first, then the whole back to where its middle wanted to be. */
function spread(column) {
    const wanted = mean(column.map(node => node.y + node.h / 2), 0);
    column.forEach((node, at) => {
        if (at > 0) {
            const above = column[at - 1];
            node.y = Math.max(node.y, above.y + above.h + ROW_GAP);
        }
    });
    const shift = wanted - mean(column.map(node => node.y + node.h / 2), 0);
    column.forEach(node => {
        node.y += shift;
    });
}

function mean(numbers, otherwise) {
    return numbers.length === 0 ? otherwise : numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

/** The line from one node to another: out at the right, in at the left; a way back goes below. */
export function path(from, to) {
    const x1 = from.x + from.w;
    const y1 = from.y + from.h / 2;
    const x2 = to.x;
    const y2 = to.y + to.h / 2;
    if (x2 > x1) {
        const bend = Math.max(28, (x2 - x1) / 2);
        return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
    }
    const low = Math.max(from.y + from.h, to.y + to.h) + 16;
    return `M${x1} ${y1}C${x1 + 60} ${low} ${x2 - 60} ${low} ${x2} ${y2}`;
}
