// SPDX-License-Identifier: Apache-2.0

const MAX_PAUSE_MS = 15_000;

/**
 * Keeps what a page shows fresh: asks again after a pause for as long as the page is there and looked at. One question at a
 * time; after a failure what was there stays, and the pause grows.
 */
export class Poll {
    #host;
    #ask;
    #pauseMs;
    #timer = null;
    #running = false;
    #failures = 0;
    #connected = false;
    #again = false;
    problem = null;
    loaded = false;

    constructor(host, ask, pauseMs = 3000) {
        this.#host = host;
        this.#ask = ask;
        this.#pauseMs = pauseMs;
        host.addController(this);
    }

    hostConnected() {
        this.#connected = true;
        document.addEventListener('visibilitychange', this.#onVisible);
        this.now();
    }

    hostDisconnected() {
        this.#connected = false;
        document.removeEventListener('visibilitychange', this.#onVisible);
        clearTimeout(this.#timer);
    }

    #onVisible = () => {
        if (!document.hidden) {
            this.now();
        }
    };

    /** Asks now; if a question is under way, once more after it. */
    async now() {
        if (this.#running) {
            this.#again = true;
            return;
        }
        clearTimeout(this.#timer);
        if (!this.#connected) {
            return;
        }
        this.#running = true;
        try {
            await this.#ask();
            this.problem = null;
            this.loaded = true;
            this.#failures = 0;
        } catch (failure) {
            if (failure.name !== 'AbortError') {
                this.problem = failure;
                this.#failures += 1;
            }
        }
        this.#running = false;
        this.#host.requestUpdate();
        if (this.#again) {
            this.#again = false;
            this.now();
        } else if (this.#connected && !document.hidden) {
            const pause = Math.min(MAX_PAUSE_MS, this.#pauseMs * 2 ** Math.min(this.#failures, 4));
            this.#timer = setTimeout(() => this.now(), Math.max(pause, this.#pauseMs));
        }
    }
}
