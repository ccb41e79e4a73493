// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import static io.smallrye.reactive.messaging.kafka.i18n.KafkaLogging.log;

import io.smallrye.reactive.messaging.health.HealthReport.HealthReportBuilder;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.errors.RebalanceInProgressException;

/**
 * The health of an embedded source: the same attributes and answers as SmallRye's, without a client of its own to ask
 * the broker. A channel without a socket is connected as long as its client is open. Any thread; what asks the broker
 * must not be an event loop.
 */
final class SourceHealth implements BiConsumer<Throwable, Boolean> {
    private static final int KEPT_FAILURES = 10;

    private final String channel;
    private final Set<String> topics;
    private final Optional<Pattern> pattern;
    private final Switches switches;
    private final Duration timeout;
    private final Deque<Throwable> failures = new ArrayDeque<>();
    private volatile Optional<EmbeddedClient> client = Optional.empty();

    /** What the attributes of the channel turn on. */
    private record Switches(
            boolean isEnabled, boolean isReadinessEnabled, boolean asksAtStart, boolean asksForReadiness) {
        static Switches of(KafkaConnectorIncomingConfiguration channel) {
            boolean asks =
                    channel.getHealthReadinessTopicVerification().orElse(channel.getHealthTopicVerificationEnabled());
            return new Switches(
                    channel.getHealthEnabled(),
                    channel.getHealthReadinessEnabled(),
                    asks && !channel.getHealthTopicVerificationStartupDisabled(),
                    asks && !channel.getHealthTopicVerificationReadinessDisabled());
        }
    }

    SourceHealth(KafkaConnectorIncomingConfiguration channel, SourceTopics topics) {
        this.channel = channel.getChannel();
        this.topics = topics.names();
        this.pattern = topics.pattern();
        this.switches = Switches.of(channel);
        this.timeout = Duration.ofMillis(
                channel.getHealthReadinessTimeout().orElse(channel.getHealthTopicVerificationTimeout()));
    }

    /**
     * The client that a fatal failure closes, and that answers for the channel. Called once, before anything is read.
     */
    void use(EmbeddedClient newClient) {
        client = Optional.of(newClient);
    }

    /**
     * Keeps a failure of a handler, a deserializer or the source for the liveness report. One that a rebalance brings
     * is tried again and so is none.
     *
     * @param isFatal whether the channel can read no more
     */
    @Override
    public void accept(Throwable failure, Boolean isFatal) {
        if (failure instanceof RebalanceInProgressException) {
            log.failureReportedDuringRebalance(topics, failure);
            return;
        }
        log.failureReported(topics, failure);
        synchronized (failures) {
            if (failures.size() == KEPT_FAILURES) {
                failures.removeFirst();
            }
            failures.addLast(failure);
        }
        if (isFatal) {
            client.ifPresent(EmbeddedClient::closeSoon);
        }
    }

    void isAlive(HealthReportBuilder report) {
        if (!switches.isEnabled()) {
            return;
        }
        List<Throwable> kept;
        synchronized (failures) {
            kept = new ArrayList<>(failures);
        }
        if (kept.isEmpty()) {
            report.add(channel, true);
        } else {
            report.add(channel, false, kept.stream().map(Throwable::getMessage).collect(Collectors.joining()));
        }
    }

    void isStarted(HealthReportBuilder report, EmbeddedClient client, boolean isSubscribed) {
        if (!switches.isEnabled()) {
            return;
        }
        if (switches.asksAtStart()) {
            addTopics(report, client);
        } else {
            addConnection(report, client, isSubscribed);
        }
    }

    void isReady(HealthReportBuilder report, EmbeddedClient client, boolean isSubscribed) {
        if (!switches.isEnabled() || !switches.isReadinessEnabled()) {
            return;
        }
        if (switches.asksForReadiness()) {
            addAssignment(report, client, isSubscribed);
        } else {
            addConnection(report, client, isSubscribed);
        }
    }

    private void addConnection(HealthReportBuilder report, EmbeddedClient client, boolean isSubscribed) {
        if (!client.isClosing()) {
            report.add(channel, true);
        } else if (!isSubscribed) {
            report.add(channel, true, "no subscription yet");
        } else {
            report.add(channel, false, "the consumer is closed");
        }
    }

    private void addTopics(HealthReportBuilder report, EmbeddedClient client) {
        try {
            Set<String> found = client.lisTopics().await().atMost(timeout).keySet();
            boolean isThere = pattern.map(expression -> found.stream()
                            .anyMatch(topic -> expression.matcher(topic).matches()))
                    .orElseGet(() -> found.containsAll(topics));
            if (isThere) {
                report.add(channel, true);
            } else {
                report.add(
                        channel,
                        false,
                        "No topic " + pattern.map(Pattern::toString).orElse(topics.toString()) + " in " + found);
            }
        } catch (RuntimeException e) {
            report.add(channel, false, "The broker did not answer for channel " + channel + ": " + e);
        }
    }

    private void addAssignment(HealthReportBuilder report, EmbeddedClient client, boolean isSubscribed) {
        if (!isSubscribed) {
            report.add(channel, true, "no subscription yet, so no partitions");
            return;
        }
        try {
            boolean isAny = !client.getAssignments().await().atMost(timeout).isEmpty();
            if (isAny) {
                report.add(channel, true);
            } else {
                report.add(channel, false, "No partition is assigned to channel " + channel);
            }
        } catch (RuntimeException e) {
            report.add(channel, false, "The consumer of channel " + channel + " did not answer: " + e);
        }
    }
}
