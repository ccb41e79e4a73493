// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.metrics;

import io.kaon.broker.Broker;
import io.kaon.quarkus.KaonMetricsConfig;
import io.kaon.telemetry.Metrics.Sample;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Asks the broker for its metrics from time to time, on a thread of its own, and hands them to whoever shows them. What
 * nobody reads is asked for less often.
 */
final class BrokerFeed implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(BrokerFeed.class);
    private static final long QUIET_AFTER_MS = 60_000;
    private static final int QUIET_TURNS = 10;

    private final Broker broker;
    private final int maxPartitions;
    private final Consumer<List<Sample>> listener;
    private final int turnsUntilQuiet;
    private final ScheduledExecutorService timer;
    private volatile boolean isRead = true;
    private int turnsUnread;

    private BrokerFeed(Broker broker, KaonMetricsConfig config, Consumer<List<Sample>> listener) {
        this.broker = broker;
        this.maxPartitions = config.partitions();
        this.listener = listener;
        this.turnsUntilQuiet =
                (int) (QUIET_AFTER_MS / Math.max(1, config.interval().toMillis()));
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "kaon-broker-meters");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Asks at once, and then in intervals, until it is closed; the listener is called on one thread at a time. */
    static BrokerFeed start(Broker broker, KaonMetricsConfig config, Consumer<List<Sample>> listener) {
        BrokerFeed feed = new BrokerFeed(broker, config, listener);
        feed.ask();
        long intervalMs = Math.max(1, config.interval().toMillis());
        feed.timer.scheduleWithFixedDelay(feed::turn, intervalMs, intervalMs, TimeUnit.MILLISECONDS);
        return feed;
    }

    /** Somebody looks at a value. Any thread. */
    void onRead() {
        if (!isRead) { // Without a write for each of thousands of values.
            isRead = true;
        }
    }

    private void turn() {
        turnsUnread = isRead ? 0 : turnsUnread + 1;
        isRead = false;
        if (turnsUnread < turnsUntilQuiet || turnsUnread % QUIET_TURNS == 0) {
            ask();
        }
    }

    private void ask() {
        try {
            listener.accept(broker.metrics(maxPartitions));
        } catch (RuntimeException failure) { // The timer would never come again.
            LOG.debugf(failure, "The metrics of the broker could not be read");
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
