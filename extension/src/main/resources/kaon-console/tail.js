// SPDX-License-Identifier: Apache-2.0
import {api} from './api.js';

/** Rows that the page holds: older ones make room. */
const MAX_ROWS = 300;
/** The page is drawn anew this often at most. */
const DRAW_MS = 200;
const SECOND_MS = 1000;

/** What is written to a topic while somebody looks: bounded, whatever the speed. */
export class Tail {
    #draw;
    #abort = null;
    #pending = [];
    #drawing = null;
    #clock = null;
    #lastSecond = 0;
    rows = [];
    received = 0;
    skipped = 0;
    held = 0;
    perSecond = 0;
    paused = false;
    problem = null;

    /** @param {() => void} draw called when there is something new to see */
    constructor(draw) {
        this.#draw = draw;
    }

    begin(topic, query) {
        this.end();
        Object.assign(this, {rows: [], received: 0, skipped: 0, held: 0, perSecond: 0, paused: false, problem: null});
        this.#pending = [];
        this.#lastSecond = 0;
        const abort = new AbortController();
        this.#abort = abort;
        this.#clock = setInterval(() => this.#measure(), SECOND_MS);
        api.tail(topic, query, abort.signal, lines => {
            if (this.#abort === abort) {
                this.#take(lines);
            }
        }).then(() => this.#ended(abort, null), failure => this.#ended(abort, failure));
    }

    end() {
        this.#abort?.abort();
        this.#abort = null;
        clearInterval(this.#clock);
        clearTimeout(this.#drawing);
        this.#drawing = null;
    }

    turn() {
        this.paused = !this.paused;
        if (!this.paused) {
            this.#show();
        }
        this.#draw();
    }

    clear() {
        this.rows = [];
        this.#draw();
    }

    #take(lines) {
        for (const line of lines) {
            if (line.skipped !== undefined) {
                this.skipped += Number(line.skipped);
            } else if (line.offset !== undefined) {
                this.received += 1;
                this.held += 1;
                this.#pending.push(line);
            }
        }
        if (this.#pending.length > MAX_ROWS) {
            this.#pending.splice(0, this.#pending.length - MAX_ROWS);
        }
        if (!this.paused && this.#drawing === null) {
            this.#drawing = setTimeout(() => {
                this.#drawing = null;
                if (!this.paused) {
                    this.#show();
                    this.#draw();
                }
            }, DRAW_MS);
        }
    }

    #show() {
        this.rows = [...this.#pending.reverse(), ...this.rows].slice(0, MAX_ROWS);
        this.#pending = [];
        this.held = 0;
    }

    #measure() {
        this.perSecond = this.received - this.#lastSecond;
        this.#lastSecond = this.received;
        this.#draw();
    }

    #ended(abort, failure) {
        if (this.#abort !== abort || failure?.name === 'AbortError') {
            return;
        }
        clearInterval(this.#clock);
        this.problem = failure ?? new Error('The server ended the stream. Follow again to go on.');
        this.#draw();
    }
}
