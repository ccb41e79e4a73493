// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.reactive.messaging.health.HealthReport;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** The commit strategies of the application's channels, for whoever has to do with their records beside them. */
@Singleton
class ChannelCommits {
    private final List<ThrottledCommit> all = new CopyOnWriteArrayList<>();

    void add(ThrottledCommit commit) {
        all.add(commit);
    }

    /** What is wrong with a channel now, in one sentence: a record that the application does not acknowledge. */
    Optional<String> trouble(String channel) {
        return all.stream()
                .filter(commit -> commit.channel().equals(channel))
                .flatMap(commit -> commit.trouble().stream())
                .findFirst();
    }

    /** The report, with channels that have such a record as not healthy. */
    HealthReport withTroubles(HealthReport report) {
        HealthReport.HealthReportBuilder builder = HealthReport.builder();
        report.getChannels().forEach(channel -> {
            Optional<String> trouble = channel.isOk() ? trouble(channel.getChannel()) : Optional.empty();
            builder.add(trouble.map(reason -> new HealthReport.ChannelInfo(channel.getChannel(), false, reason))
                    .orElse(channel));
        });
        return builder.build();
    }

    /** Notes a record that reaches no method, so that the commit waits for what becomes of it. */
    void received(KafkaConsumer<?, ?> consumer, IncomingKafkaRecord<?, ?> record) {
        of(consumer).ifPresent(commit -> commit.onReceived(record));
    }

    /** What commits the records of a consumer, if that is a strategy of ours. */
    Optional<ThrottledCommit> of(KafkaConsumer<?, ?> consumer) {
        return all.stream().filter(commit -> commit.consumer() == consumer).findFirst();
    }
}
