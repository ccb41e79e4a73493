// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.kaon.quarkus.connector.client.consumer.EmbeddedConsumer;
import io.kaon.quarkus.pause.ChannelPause;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.operators.AbstractUni;
import io.smallrye.mutiny.subscription.UniSubscriber;
import io.smallrye.reactive.messaging.ClientCustomizer;
import io.smallrye.reactive.messaging.kafka.DeserializationFailureHandler;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.vertx.core.Context;
import jakarta.enterprise.inject.Instance;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * SmallRye's client over our consumer, which handlers, listeners and the application get. It differs in two things:
 * who wants something of the consumer does not wait until a poll that finds nothing has timed out, and going back to
 * the committed offsets also takes back what waits in a source of ours.
 */
public final class EmbeddedClient extends ReactiveKafkaConsumer<Object, Object> {
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final Context context;
    private volatile ChannelPause pause = ChannelPause.never();
    private volatile Runnable onTask = () -> {};
    private volatile java.util.function.Consumer<Collection<TopicPartition>> forgetting = partitions -> {};

    public EmbeddedClient(
            KafkaConnectorIncomingConfiguration channel,
            Instance<ClientCustomizer<Map<String, Object>>> customizers,
            Instance<DeserializationFailureHandler<?>> deserializationFailureHandlers,
            String group,
            int index,
            BiConsumer<Throwable, Boolean> reportFailure,
            Context context) {
        super(
                channel,
                customizers,
                deserializationFailureHandlers,
                group,
                index,
                reportFailure,
                context,
                consumer -> {});
        this.context = context;
    }

    /** Uses this consumer from now on, and says when some other task than a poll needs the thread that polls. */
    void use(EmbeddedConsumer<Object, Object> consumer) {
        injectClient(consumer);
        onTask = consumer::interruptPoll;
    }

    /** Whose switch pauses it, if it reads for a channel. To be told before anything is read. */
    void pausedBy(ChannelPause newPause) {
        pause = newPause;
    }

    ChannelPause pauseSwitch() {
        return pause;
    }

    /** Is asked to take back what waits of these partitions; called on the thread that polls. */
    void onForget(java.util.function.Consumer<Collection<TopicPartition>> listener) {
        forgetting = listener;
    }

    @Override
    public Uni<Consumer<Object, Object>> withConsumerOnPollingThread() {
        Uni<Consumer<Object, Object>> turn = super.withConsumerOnPollingThread();
        return new AbstractUni<>() {
            @Override
            public void subscribe(UniSubscriber<? super Consumer<Object, Object>> subscriber) {
                AbstractUni.subscribe(turn, subscriber);
                onTask.run();
            }
        };
    }

    /** A poll: it waits its turn, but hurries no other one. */
    <T> Uni<T> poll(Function<Consumer<Object, Object>, T> action) {
        return super.withConsumerOnPollingThread().map(action);
    }

    @Override
    public Uni<Void> resetToLastCommittedPositions() {
        // What waits is of the old positions. Until there are new ones nothing is polled: SmallRye resumes at the end.
        Uni<Void> forget = runOnPollingThread(consumer -> {
            consumer.pause(consumer.assignment());
            forgetting.accept(consumer.assignment());
        });
        return forget.chain(super::resetToLastCommittedPositions);
    }

    @Override
    public void close() {
        isClosing.set(true);
        super.close();
    }

    /** Closes without waiting. Any thread, that which polls included, which would otherwise wait for itself. */
    void closeSoon() {
        if (isClosing.compareAndSet(false, true)) {
            context.executeBlocking(
                    () -> {
                        super.close();
                        return true;
                    },
                    false);
        }
    }

    boolean isClosing() {
        return isClosing.get();
    }
}
