// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.jboss.logging.Logger;

/**
 * How many dead letters there are, for whoever looks at the map again and again: counted every few seconds and only as long
 * as somebody asks, by a consumer that stays open meanwhile. Any thread asks; one counts.
 */
final class LetterCounts implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(LetterCounts.class);
    private static final long FRESH_NS = TimeUnit.SECONDS.toNanos(2);
    private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Map<String, Entry> entries = new HashMap<>();
    private Optional<ScheduledExecutorService> thread = Optional.empty();
    private boolean isClosed;

    /** Of one channel. All but the consumer under the lock of the counts; that is the counting thread's. */
    private static final class Entry {
        private final String topic;
        private final Supplier<LetterClients> clients;
        private Optional<Consumer<byte[], byte[]>> consumer = Optional.empty();
        private OptionalLong count = OptionalLong.empty();
        private long countedAtNs;
        private long askedAtNs;
        private boolean isCounting;

        Entry(String topic, Supplier<LetterClients> clients) {
            this.topic = topic;
            this.clients = clients;
        }
    }

    /** The last count, nothing before the first. */
    synchronized OptionalLong of(String channel, String topic, Supplier<LetterClients> clients) {
        if (isClosed) {
            return OptionalLong.empty();
        }
        Entry entry = entries.computeIfAbsent(channel, key -> new Entry(topic, clients));
        long nowNs = System.nanoTime();
        entry.askedAtNs = nowNs;
        boolean isFresh = entry.count.isPresent() && nowNs - entry.countedAtNs < FRESH_NS;
        if (!isFresh && !entry.isCounting) {
            entry.isCounting = true;
            running().execute(() -> count(channel, entry));
        }
        return entry.count;
    }

    /** It has changed: the next one who asks has it counted. */
    synchronized void forget(String channel) {
        Optional.ofNullable(entries.get(channel)).ifPresent(entry -> entry.countedAtNs = System.nanoTime() - FRESH_NS);
    }

    private ScheduledExecutorService running() {
        if (thread.isEmpty()) {
            ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "kaon-dead-letter-counts");
                made.setDaemon(true);
                return made;
            });
            executor.scheduleWithFixedDelay(this::closeIdle, IDLE_NS, IDLE_NS, TimeUnit.NANOSECONDS);
            thread = Optional.of(executor);
        }
        return thread.get();
    }

    private void count(String channel, Entry entry) {
        OptionalLong counted = OptionalLong.empty();
        try {
            if (entry.consumer.isEmpty()) {
                entry.consumer = Optional.of(entry.clients.get().consumer(LetterTopic.groupOf(entry.topic)));
            }
            counted = OptionalLong.of(new LetterTopic(entry.consumer.get(), entry.topic).unreplayed());
        } catch (RuntimeException e) {
            LOG.debugf(e, "The dead letters of channel '%s' could not be counted", channel);
        }
        synchronized (this) {
            entry.count = counted;
            entry.countedAtNs = System.nanoTime();
            entry.isCounting = false;
        }
    }

    /** Without anybody who asks, nothing of it is left. */
    private synchronized void closeIdle() {
        long nowNs = System.nanoTime();
        entries.values().removeIf(entry -> {
            boolean isIdle = nowNs - entry.askedAtNs > IDLE_NS && !entry.isCounting;
            if (isIdle) {
                close(entry);
            }
            return isIdle;
        });
        if (entries.isEmpty()) {
            thread.ifPresent(ScheduledExecutorService::shutdown);
            thread = Optional.empty();
        }
    }

    private static void close(Entry entry) {
        try {
            entry.consumer.ifPresent(Consumer::close);
        } catch (RuntimeException e) {
            LOG.debugf(e, "A consumer of %s did not close cleanly", entry.topic);
        }
    }

    /** Closes the consumers where they are used. */
    @Override
    public synchronized void close() {
        isClosed = true;
        thread.ifPresent(executor -> {
            executor.execute(() -> entries.values().forEach(LetterCounts::close));
            executor.shutdown();
        });
    }
}
