// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.outgoing;

import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import io.smallrye.reactive.messaging.health.HealthReport.HealthReportBuilder;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;

/**
 * The part of an outgoing channel in the health of the application, by the attributes and rules of SmallRye's connector:
 * alive until something fails that cannot be told to the sender, ready and started while the broker answers, or while it
 * has the topic where that is to be verified. Any thread but an event loop.
 */
final class SinkHealth {
    private static final int KEPT_FAILURES = 10;

    private final String channel;
    private final String topic;
    private final EmbeddedProducer<?, ?> producer;
    private final boolean isEnabled;
    private final boolean isReadinessEnabled;
    private final boolean verifiesTopicAtStart;
    private final boolean verifiesBroker;
    private final long timeoutMs;
    private final Deque<Throwable> failures = new ArrayDeque<>();

    SinkHealth(KafkaConnectorOutgoingConfiguration settings, EmbeddedProducer<?, ?> producer, String topic) {
        this.channel = settings.getChannel();
        this.topic = topic;
        this.producer = producer;
        this.isEnabled = settings.getHealthEnabled();
        this.isReadinessEnabled = settings.getHealthReadinessEnabled();
        boolean verifies =
                settings.getHealthReadinessTopicVerification().orElse(settings.getHealthTopicVerificationEnabled());
        this.verifiesTopicAtStart = verifies && !settings.getHealthTopicVerificationStartupDisabled();
        this.verifiesBroker = verifies && !settings.getHealthTopicVerificationReadinessDisabled();
        this.timeoutMs = settings.getHealthReadinessTimeout().orElse(settings.getHealthTopicVerificationTimeout());
    }

    /** Something failed that nobody else is told. */
    void report(Throwable failure) {
        synchronized (failures) {
            if (failures.size() == KEPT_FAILURES) {
                failures.remove();
            }
            failures.add(failure);
        }
    }

    void isAlive(HealthReportBuilder report) {
        if (!isEnabled) {
            return;
        }
        synchronized (failures) {
            if (failures.isEmpty()) {
                report.add(channel, true);
            } else {
                report.add(
                        channel,
                        false,
                        failures.stream().map(Throwable::toString).collect(Collectors.joining("; ")));
            }
        }
    }

    void isReady(HealthReportBuilder report) {
        if (isEnabled && isReadinessEnabled) {
            tell(report, verifiesBroker, false);
        }
    }

    void isStarted(HealthReportBuilder report) {
        if (isEnabled) {
            tell(report, verifiesTopicAtStart, true);
        }
    }

    private void tell(HealthReportBuilder report, boolean asksBroker, boolean needsTopic) {
        if (!asksBroker) {
            report.add(channel, producer.isOpen());
            return;
        }
        try {
            if (producer.hasTopic(topic, Deadline.inMs(timeoutMs)) || !needsTopic) {
                report.add(channel, true);
            } else {
                report.add(channel, false, "The broker in this application has no topic " + topic);
            }
        } catch (KafkaException failure) {
            report.add(channel, false, "The broker in this application did not answer: " + failure.getMessage());
        }
    }
}
