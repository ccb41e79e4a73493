// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.pause;

import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * Pauses the consumers of a channel whose pipeline is SmallRye's. {@link PausableStream} holds the application's demand;
 * this keeps what waits from growing meanwhile, because SmallRye pauses partitions once, when its queue is full, and
 * fetches from those that a rebalance brings later. So partitions are paused again and again as long as the channel is.
 *
 * <p>They are resumed when the application waits for records: then the queue is empty, and SmallRye, which resumes all
 * by itself when there is room, has no pause of its own that this would end. Nothing runs while the channel is not paused.
 */
public final class ClientPause {
    private static final long PERIOD_MS = 200;

    private final ChannelPause pause;
    private final PausableStream<?> stream;
    private final Supplier<? extends List<? extends KafkaConsumer<?, ?>>> clients;
    private final ScheduledExecutorService timer;
    /** By client, what was paused already by somebody else. */
    private final Map<KafkaConsumer<?, ?>, Set<TopicPartition>> pausedByOthers = new HashMap<>();

    private Optional<ScheduledFuture<?>> looking = Optional.empty();
    private long givenBefore;

    /** @param clients the consumers of the channel; asked each time */
    public ClientPause(
            ChannelPause pause,
            PausableStream<?> stream,
            Supplier<? extends List<? extends KafkaConsumer<?, ?>>> clients,
            ScheduledExecutorService timer) {
        this.pause = pause;
        this.stream = stream;
        this.clients = clients;
        this.timer = timer;
    }

    /** Begins to follow the switch of the channel. */
    public void follow() {
        pause.onChange(this::look);
    }

    private synchronized void look() {
        if (looking.isEmpty()) {
            looking =
                    Optional.of(timer.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS));
        }
        long given = stream.given();
        if (pause.isPaused()) {
            clients.get().forEach(this::pauseAll);
        } else if (stream.isWaiting() && given == givenBefore) {
            clients.get().forEach(this::resumeAll);
            pausedByOthers.clear();
            looking.ifPresent(task -> task.cancel(false));
            looking = Optional.empty();
        }
        givenBefore = given;
    }

    private void pauseAll(KafkaConsumer<?, ?> client) {
        boolean isFirst = !pausedByOthers.containsKey(client);
        Set<TopicPartition> others = pausedByOthers.computeIfAbsent(client, key -> new HashSet<>());
        onPollingThread(client, consumer -> {
            if (isFirst) {
                others.addAll(consumer.paused());
            }
            consumer.pause(consumer.assignment());
        });
    }

    private void resumeAll(KafkaConsumer<?, ?> client) {
        Set<TopicPartition> others = pausedByOthers.getOrDefault(client, Set.of());
        onPollingThread(client, consumer -> {
            if (!pause.isPaused()) {
                Set<TopicPartition> resumed = new HashSet<>(consumer.assignment());
                resumed.removeAll(others);
                consumer.resume(resumed);
            }
        });
    }

    /** What fails has ended, and with it what was to be paused. */
    private static void onPollingThread(
            KafkaConsumer<?, ?> client, java.util.function.Consumer<Consumer<?, ?>> action) {
        client.runOnPollingThread(consumer -> {
                    action.accept(consumer);
                })
                .subscribe()
                .with(nothing -> {}, failure -> {});
    }
}
