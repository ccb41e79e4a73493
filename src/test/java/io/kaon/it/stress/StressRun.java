// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What the threads of one run share: the server's address, the seed, what was acknowledged and what is wrong. */
final class StressRun {
    private static final int FINDINGS_LIMIT = 50;

    private final Clients clients;
    private final long seed;
    private final Acknowledged acknowledged = new Acknowledged();
    private final Queue<String> findings = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();
    private volatile boolean running = true;

    StressRun(Clients clients, long seed) {
        this.clients = clients;
        this.seed = seed;
    }

    Clients clients() {
        return clients;
    }

    Acknowledged acknowledged() {
        return acknowledged;
    }

    /** The random choices of one thread. */
    Random random(String thread) {
        return new Random(seed * 31 + thread.hashCode());
    }

    boolean isRunning() {
        return running;
    }

    void end() {
        running = false;
    }

    /** Something that must not be. */
    void found(String format, Object... arguments) {
        if (findings.size() < FINDINGS_LIMIT) {
            findings.add(String.format(Locale.ROOT, format, arguments).replace('\n', ' '));
        }
    }

    List<String> takeFindings() {
        List<String> taken = new ArrayList<>();
        for (String finding = findings.poll(); finding != null; finding = findings.poll()) {
            taken.add(finding);
        }
        return taken;
    }

    /** Counts something that may happen. */
    void count(String what) {
        counts.computeIfAbsent(what, key -> new LongAdder()).increment();
    }

    String progress() {
        return counts.toString();
    }

    static void pause(long ms) {
        LockSupport.parkNanos(Duration.ofMillis(ms).toNanos());
    }
}
