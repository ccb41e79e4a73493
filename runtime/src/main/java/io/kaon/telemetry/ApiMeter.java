// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLongArray;

/** The requests of one api: how many, and how long each part of their way took. Any thread. */
public final class ApiMeter {
    /** Versions from here on count as this one. */
    static final int MAX_VERSION = 31;

    private final String title;
    private final AtomicLongArray versions = new AtomicLongArray(MAX_VERSION + 1);
    private final Map<String, Counter> errors = new ConcurrentHashMap<>();
    private final Histogram total = new Histogram();
    private final Histogram queue = new Histogram();
    private final Histogram local = new Histogram();
    private final Histogram remote = new Histogram();
    private final Histogram responseQueue = new Histogram();
    private final Histogram send = new Histogram();

    ApiMeter(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }

    /** A request has been answered, or its connection is over. */
    public void answered(short version) {
        versions.getAndIncrement(Math.max(0, Math.min(MAX_VERSION, version)));
    }

    /** There is an error in an answer, so many times. */
    public void failed(String error, int times) {
        errors.computeIfAbsent(error, name -> new Counter()).add(times);
    }

    /** By error. */
    Map<String, Counter> errors() {
        return errors;
    }

    long answered(int version) {
        return versions.get(version);
    }

    /** From its arrival until its answer has left; each in ns. */
    public Histogram total() {
        return total;
    }

    /** Until it is handed to the router. */
    public Histogram queue() {
        return queue;
    }

    /** Until the router gives the thread back. */
    public Histogram local() {
        return local;
    }

    /** From there until there is an answer. */
    public Histogram remote() {
        return remote;
    }

    /** Until the answers before it have left. */
    public Histogram responseQueue() {
        return responseQueue;
    }

    /** Until the socket has taken it. */
    public Histogram send() {
        return send;
    }
}
