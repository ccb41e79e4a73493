// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import static io.smallrye.reactive.messaging.kafka.i18n.KafkaLogging.log;

import io.kaon.quarkus.pause.ChannelPause;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/**
 * Polls one consumer again and again, as long as there is room for what it brings. All of it runs on the thread that
 * polls, each poll as a task of its own, so that commits and questions get their turn in between; only {@link
 * #onRoom()} and {@link #end()} come from others.
 */
final class PollLoop {
    private static final Logger LOG = Logger.getLogger(PollLoop.class);
    private static final long FIRST_RETRY_MS = 1_000;

    private final EmbeddedClient client;
    private final Vertx vertx;
    private final PollSettings settings;
    private final WaitingRecords<?> waiting;
    private final Consumer<ConsumerRecords<Object, Object>> onRecords;
    private final Consumer<Throwable> onFailure;
    private final ChannelPause pause;
    private final AtomicBoolean isHeld = new AtomicBoolean();
    /** What is paused by others than this loop, noted when its channel is paused; nobody but the polling thread. */
    private Optional<Set<TopicPartition>> pausedByOthers = Optional.empty();

    private volatile boolean isEnded;
    private int failures;

    /**
     * @param waiting what is full or not
     * @param onRecords takes in what was polled, at least one record
     * @param onFailure is told when polling is given up
     */
    PollLoop(
            EmbeddedClient client,
            Vertx vertx,
            PollSettings settings,
            WaitingRecords<?> waiting,
            Consumer<ConsumerRecords<Object, Object>> onRecords,
            Consumer<Throwable> onFailure) {
        this.client = client;
        this.vertx = vertx;
        this.settings = settings;
        this.waiting = waiting;
        this.onRecords = onRecords;
        this.onFailure = onFailure;
        this.pause = client.pauseSwitch();
    }

    /** Begins. Any thread, once. */
    void start() {
        pause.onChange(this::onPause);
        next();
    }

    /** Fetches nothing more; what has been polled still arrives. Any thread. */
    void end() {
        isEnded = true;
    }

    private void next() {
        if (isEnded || client.isClosing()) {
            return;
        }
        if (!isHeld.get() && waiting.size() >= settings.maxWaiting() && !pause.isPaused()) {
            hold();
        } else {
            onRoom(); // Usually whoever makes room sees to that; not when resuming has failed.
            poll();
        }
    }

    private void poll() {
        client.poll(this::poll).subscribe().with(this::onPolled, this::onPollFailed);
    }

    private ConsumerRecords<Object, Object> poll(org.apache.kafka.clients.consumer.Consumer<Object, Object> consumer) {
        if (pause.isPaused()) {
            pauseAll(consumer);
        } else if (pausedByOthers.isPresent()) {
            resumeAll(consumer);
        }
        return consumer.poll(settings.timeout());
    }

    /** Before each poll, because partitions may have come with the one before. */
    private void pauseAll(org.apache.kafka.clients.consumer.Consumer<Object, Object> consumer) {
        if (pausedByOthers.isEmpty()) {
            pausedByOthers = Optional.of(isHeld.get() ? Set.of() : consumer.paused());
        }
        consumer.pause(consumer.assignment());
    }

    /** Unless there is no room: then they are resumed when there is. */
    private void resumeAll(org.apache.kafka.clients.consumer.Consumer<Object, Object> consumer) {
        if (!isHeld.get()) {
            Set<TopicPartition> resumed = new HashSet<>(consumer.assignment());
            resumed.removeAll(pausedByOthers.orElseGet(Set::of));
            consumer.resume(resumed);
        }
        pausedByOthers = Optional.empty();
    }

    /**
     * The channel is paused or goes on. The poll that is under way ends for it, and one that was not to be because
     * nothing is polled without room is made after all: the group has to see the consumer, however long a pause is.
     */
    private void onPause() {
        if (pause.isPaused() && !settings.isPausing() && isHeld.compareAndSet(true, false)) {
            next();
        } else {
            client.runOnPollingThread(consumer -> {}).subscribe().with(nothing -> {}, failure -> {});
        }
    }

    private void onPolled(ConsumerRecords<Object, Object> records) {
        failures = 0;
        if (!records.isEmpty()) {
            try {
                onRecords.accept(records);
            } catch (RuntimeException e) {
                onFailure.accept(e); // They are neither given nor can they be had again: nothing may follow them.
                return;
            }
            if (waiting.size() >= settings.maxWaiting()) {
                isHeld.set(false); // Partitions that were assigned during a pause are not paused yet.
            }
        }
        next();
    }

    private void onPollFailed(Throwable failure) {
        if (isEnded || client.isClosing()) {
            LOG.debugf("The last poll of channel %s: %s", settings.channel(), failure);
        } else if (failure instanceof WakeupException) {
            next();
        } else if (failures < settings.maxRetries()) {
            log.pollFailureRetry(settings.clientId(), settings.channel(), failure);
            vertx.setTimer(retryMs(), timer -> next());
            failures++;
        } else {
            onFailure.accept(failure);
        }
    }

    /** Twice as long each time. */
    private long retryMs() {
        long ms = FIRST_RETRY_MS << Math.min(failures, Long.SIZE / 2);
        return Math.min(ms, Math.max(FIRST_RETRY_MS, settings.maxRetryWait().toMillis()));
    }

    private void hold() {
        log.pausingChannel(settings.channel(), settings.clientId(), waiting.size(), settings.maxWaiting());
        if (!settings.isPausing()) {
            isHeld.set(true); // Without a pause: nothing is polled until there is room.
            onRoom();
            return;
        }
        client.pause()
                .subscribe()
                .with(
                        partitions -> {
                            isHeld.set(true);
                            onRoom(); // There may be some already, and nobody else would look.
                            next();
                        },
                        this::onPollFailed);
    }

    /** Something was taken of what waits. Any thread. */
    void onRoom() {
        if (!isHeld.get() || waiting.size() > settings.resumeAt() || !isHeld.compareAndSet(true, false)) {
            return;
        }
        log.resumingChannel(settings.channel(), settings.clientId(), waiting.size(), settings.resumeAt());
        if (settings.isPausing()) {
            client.resume().subscribe().with(nothing -> {}, failure -> {
                LOG.debugf("Channel %s tries again to resume: %s", settings.channel(), failure);
                isHeld.set(true); // The loop goes on, and looks for it before its next poll.
            });
        } else {
            next();
        }
    }

    /**
     * @param timeout how long a poll waits for records
     * @param isPausing whether partitions are paused while there is no room; otherwise they are just not polled
     */
    record PollSettings(
            String channel, String clientId, Duration timeout, Room room, boolean isPausing, Retries retries) {
        static PollSettings of(KafkaConnectorIncomingConfiguration channel, EmbeddedClient client, Room room) {
            long retries = channel.getRetryAttempts() < 0 ? Long.MAX_VALUE : channel.getRetryAttempts();
            return new PollSettings(
                    channel.getChannel(),
                    client.get(ConsumerConfig.CLIENT_ID_CONFIG),
                    Duration.ofMillis(channel.getPollTimeout()),
                    room,
                    channel.getPauseIfNoRequests(),
                    new Retries(channel.getRetry() ? retries : 0, Duration.ofSeconds(channel.getRetryMaxWait())));
        }

        int maxWaiting() {
            return room.max();
        }

        int resumeAt() {
            return room.resumeAt();
        }

        long maxRetries() {
            return retries.max();
        }

        Duration maxRetryWait() {
            return retries.maxWait();
        }
    }

    /**
     * @param max with so many waiting, the loop holds
     * @param resumeAt with so few left, it goes on
     */
    record Room(int max, int resumeAt) {}

    /**
     * @param max how many failed polls in a row are tried again
     * @param maxWait the longest time between two of them
     */
    record Retries(long max, Duration maxWait) {}
}
