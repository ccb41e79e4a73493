// SPDX-License-Identifier: Apache-2.0
// The only way to the broker: the HTTP interface under /v3.

/** What the server says in a problem document: a sentence, and sentences for the fields they belong to. */
export class Problem extends Error {
    constructor(status, body) {
        super(body?.detail || body?.message || body?.title || sentenceOf(status));
        this.status = status;
        this.code = body?.error_code;
        this.fields = {};
        for (const {field, message} of body?.errors ?? []) {
            if (field && !this.fields[field]) {
                this.fields[field] = message;
            }
        }
    }
}

function sentenceOf(status) {
    switch (status) {
        case 0:
            return 'The application does not answer. It may be restarting; this page tries again by itself.';
        case 401:
            return 'Sign in to see this.';
        case 403:
            return 'Your user has not the role that this needs.';
        case 404:
            return 'It is not there, or no longer.';
        default:
            return `The server answered with status ${status}.`;
    }
}

const UNREACHABLE = 0;
const encode = encodeURIComponent;

class Api {
    #base = new URL('../v3/', document.baseURI);
    #cluster = null;

    /** Where /v3 is, as an absolute or relative address that ends in a slash. */
    set base(address) {
        this.#base = new URL(address, document.baseURI);
        this.#cluster = null;
    }

    url(path, query = {}) {
        const url = new URL(path, this.#base);
        for (const [name, value] of Object.entries(query)) {
            if (value !== undefined && value !== null && value !== '') {
                url.searchParams.set(name, value);
            }
        }
        return url;
    }

    async send(method, path, {query, body, signal} = {}) {
        let response;
        try {
            response = await fetch(this.url(path, query), {
                method,
                signal,
                headers: {
                    Accept: 'application/json, application/problem+json',
                    ...(body === undefined ? {} : {'Content-Type': 'application/json'}),
                },
                body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
            });
        } catch (failure) {
            if (failure.name === 'AbortError') {
                throw failure;
            }
            throw new Problem(UNREACHABLE);
        }
        if (!response.ok) {
            throw new Problem(response.status, await response.json().catch(() => null));
        }
        const text = await response.text();
        return text ? JSON.parse(text) : null;
    }

    get(path, query, signal) {
        return this.send('GET', path, {query, signal});
    }

    /** The cluster that the server is a broker of: asked once, asked again after a failure. */
    async cluster() {
        if (!this.#cluster) {
            this.#cluster = this.get('clusters').then(list => list.data[0]);
            this.#cluster.catch(() => {
                this.#cluster = null;
            });
        }
        return this.#cluster;
    }

    /** A path beneath the cluster, its names encoded: path`topics/${name}/records`. */
    async of(strings, ...names) {
        const {cluster_id: id} = await this.cluster();
        return `clusters/${encode(id)}/${strings.reduce((all, part, at) => all + encode(names[at - 1]) + part)}`;
    }

    // Topics

    async topics({search, internal, size, token}, signal) {
        return this.get(await this.of`topics`, {
            search, internal: internal ? 'true' : undefined, page_size: size, page_token: token,
        }, signal);
    }

    async topic(name) {
        return this.get(await this.of`topics/${name}`);
    }

    async createTopic({name, partitions, replicas, configs}) {
        return this.send('POST', await this.of`topics`, {
            body: {
                topic_name: name, partitions_count: partitions, replication_factor: replicas, configs,
            },
        });
    }

    async deleteTopic(name) {
        return this.send('DELETE', await this.of`topics/${name}`);
    }

    async emptyTopic(name) {
        const path = await this.of`topics/${name}`;
        return this.send('POST', `${path}:empty`);
    }

    async addPartitions(name, partitions) {
        return this.send('PATCH', await this.of`topics/${name}`, {body: {partitions_count: partitions}});
    }

    async partitions(name, {size, token} = {}) {
        return this.get(await this.of`topics/${name}/partitions`, {page_size: size, page_token: token});
    }

    // Settings, of a topic or of a broker

    async settings({topic, broker}) {
        const path = topic === undefined ? await this.of`brokers/${broker}/configs` : await this.of`topics/${topic}/configs`;
        return this.get(path, {page_size: 1000});
    }

    async setSetting({topic, broker}, name, value) {
        const path = topic === undefined
            ? await this.of`brokers/${broker}/configs/${name}`
            : await this.of`topics/${topic}/configs/${name}`;
        return value === null ? this.send('DELETE', path) : this.send('PUT', path, {body: {value}});
    }

    // Records

    async records(topic, query, signal) {
        return this.get(await this.of`topics/${topic}/records`, query, signal);
    }

    async record(topic, partition, offset) {
        return this.get(await this.of`topics/${topic}/partitions/${partition}/records/${offset}`);
    }

    async partUrl(topic, partition, offset, part) {
        return this.url(await this.of`topics/${topic}/partitions/${partition}/records/${offset}`, {part}).href;
    }

    async exportUrl(topic, query) {
        const path = await this.of`topics/${topic}/records`;
        return this.url(`${path}:export`, query).href;
    }

    async produce(topic, record) {
        return this.send('POST', await this.of`topics/${topic}/records`, {body: record});
    }

    /** Follows the end of a topic: calls back with the records of each piece that arrives, until the signal ends it. */
    async tail(topic, query, signal, onLines) {
        const path = await this.of`topics/${topic}/records`;
        let response;
        try {
            response = await fetch(this.url(`${path}:tail`, query), {signal, headers: {Accept: 'application/x-ndjson'}});
        } catch (failure) {
            throw failure.name === 'AbortError' ? failure : new Problem(UNREACHABLE);
        }
        if (!response.ok) {
            throw new Problem(response.status, await response.json().catch(() => null));
        }
        const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
        let rest = '';
        for (;;) {
            const {value, done} = await reader.read();
            if (done) {
                return;
            }
            const lines = (rest + value).split('\n');
            rest = lines.pop();
            const found = lines.filter(line => line.trim() !== '').map(line => JSON.parse(line));
            if (found.length > 0) {
                onLines(found);
            }
        }
    }

    // Consumer groups

    async groups({search, size, token}, signal) {
        return this.get(await this.of`consumer-groups`, {search, page_size: size, page_token: token}, signal);
    }

    async group(id) {
        return this.get(await this.of`consumer-groups/${id}`);
    }

    async members(group, {size, token} = {}) {
        return this.get(await this.of`consumer-groups/${group}/consumers`, {page_size: size, page_token: token});
    }

    async assignments(group, member) {
        return this.get(await this.of`consumer-groups/${group}/consumers/${member}/assignments`);
    }

    async lags(group, {size, token} = {}) {
        return this.get(await this.of`consumer-groups/${group}/lags`, {page_size: size, page_token: token});
    }

    async resetOffsets(group, order) {
        const path = await this.of`consumer-groups/${group}/offsets`;
        return this.send('POST', `${path}:reset`, {body: order});
    }

    async deleteGroup(id) {
        return this.send('DELETE', await this.of`consumer-groups/${id}`);
    }

    async deleteOffsets(group, topic) {
        return this.send('DELETE', await this.of`consumer-groups/${group}/offsets/${topic}`);
    }

    // The rest of the cluster

    async transactions({size, token} = {}) {
        return this.get(await this.of`transactions`, {page_size: size, page_token: token});
    }

    async transaction(id) {
        return this.get(await this.of`transactions/${id}`);
    }

    async brokers() {
        return this.get(await this.of`brokers`);
    }

    async logDirectories(broker) {
        return this.get(await this.of`brokers/${broker}/log-dirs`);
    }

    async acls({size, token} = {}) {
        return this.get(await this.of`acls`, {page_size: size, page_token: token});
    }

    longWork() {
        return this.get('long-work');
    }

    // The application

    application() {
        return this.get('application');
    }

    turnChannel(channel, order) {
        return this.send('POST', `application/channels/${encode(channel)}:${order}`);
    }

    deadLetters(channel, query) {
        return this.get(`application/channels/${encode(channel)}/dead-letters`, query);
    }

    replayDeadLetters(channel, order) {
        return this.send('POST', `application/channels/${encode(channel)}/dead-letters:replay`, {body: order});
    }
}

export const api = new Api();

/** The token of the next page of a list, from the address that it names. */
export function nextToken(list) {
    const next = list?.metadata?.next;
    return next ? new URL(next, document.baseURI).searchParams.get('page_token') : null;
}
