// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.vertx.mutiny.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Makes the commit strategy {@code throttled} of channels of the connector {@code kaon}. It has a name of its own, because
 * SmallRye's keeps the other one, for channels of {@code smallrye-kafka}; nobody has to write it.
 */
@Singleton
@Identifier(ThrottledCommits.IDENTIFIER)
public class ThrottledCommits implements KafkaCommitHandler.Factory {
    static final String IDENTIFIER = "kaon-throttled";

    private final ChannelMethods methods;
    private final ChannelCommits commits;
    private final FailedRecordSinks sinks;

    @Inject
    ThrottledCommits(ChannelMethods methods, ChannelCommits commits, FailedRecordSinks sinks) {
        this.methods = methods;
        this.commits = commits;
        this.sinks = sinks;
    }

    @Override
    public ThrottledCommit create(
            KafkaConnectorIncomingConfiguration channel,
            Vertx vertx,
            KafkaConsumer<?, ?> consumer,
            BiConsumer<Throwable, Boolean> reportFailure) {
        ThrottledSettings settings = ThrottledSettings.of(channel);
        TrackedPartitions partitions = new TrackedPartitions();
        Optional<GiveUps> giveUps = settings.action() == ThrottledSettings.Action.DEAD_LETTER
                ? Optional.of(new GiveUps(
                        vertx.getDelegate(), () -> DeadLetterQueues.open(sinks, commits, channel, consumer)))
                : Optional.empty();
        StuckRecords stuck =
                new StuckRecords(settings, methods.of(settings.channel()), partitions, System::nanoTime, giveUps);
        ThrottledCommit commit = new ThrottledCommit(
                settings, vertx.getDelegate(), consumer, reportFailure, partitions, stuck, System::nanoTime);
        commits.add(commit);
        commit.start();
        return commit;
    }
}
