// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import java.util.function.ToDoubleFunction;

/** The catalogue of what is told about a channel, under the names that a metrics library gets. */
public enum ChannelMetric {
    RECEIVED(
            "records.received",
            Kind.COUNTER,
            Direction.INCOMING,
            "Records that were taken from the broker for the application",
            ChannelMeter::receivedCount),
    ACKNOWLEDGED(
            "records.acknowledged",
            Kind.COUNTER,
            Direction.INCOMING,
            "Records that the application has acknowledged",
            ChannelMeter::acknowledgedCount),
    FAILED(
            "records.failed",
            Kind.COUNTER,
            Direction.INCOMING,
            "Records that the application has refused, whatever the failure strategy did then",
            ChannelMeter::failedCount),
    IN_FLIGHT(
            "records.inflight",
            Kind.GAUGE,
            Direction.INCOMING,
            "Records that the application has neither acknowledged nor refused yet",
            ChannelMeter::inFlight),
    COMMITS(
            "commits",
            Kind.COUNTER,
            Direction.INCOMING,
            "Commits that the broker has taken, each of one or more partitions",
            ChannelMeter::commitCount),
    /** One reading for each partition, see {@link ChannelMeter#lag()}; the number by itself is their sum. */
    LAG(
            "records.lag",
            Kind.GAUGE,
            Direction.INCOMING,
            "Records of an assigned partition that the channel has still to fetch",
            meter -> meter.lag().values().stream().mapToLong(Long::longValue).sum()),
    PAUSED(
            "paused",
            Kind.GAUGE,
            Direction.INCOMING,
            "1 while the channel is paused and gives no records to the application, else 0",
            meter -> meter.isPaused() ? 1 : 0),
    SENT(
            "records.sent",
            Kind.COUNTER,
            Direction.OUTGOING,
            "Records that the broker has acknowledged",
            ChannelMeter::sentCount),
    SEND_FAILURES(
            "send.failures",
            Kind.COUNTER,
            Direction.OUTGOING,
            "Records that could not be sent, after all retries",
            ChannelMeter::sendFailureCount),
    SEND_IN_FLIGHT(
            "sends.inflight",
            Kind.GAUGE,
            Direction.OUTGOING,
            "Records that were taken to be sent and that the broker has not acknowledged yet",
            ChannelMeter::inFlight);

    /** What the number does: only grow, or go up and down. */
    public enum Kind {
        COUNTER,
        GAUGE
    }

    private static final String PREFIX = "kaon.channel.";

    private final String name;
    private final Kind kind;
    private final Direction direction;
    private final String description;
    private final ToDoubleFunction<ChannelMeter> reading;

    ChannelMetric(
            String name, Kind kind, Direction direction, String description, ToDoubleFunction<ChannelMeter> reading) {
        this.name = name;
        this.kind = kind;
        this.direction = direction;
        this.description = description;
        this.reading = reading;
    }

    /** In lower case with dots; a metrics library makes its own spelling of it. */
    public String metricName() {
        return PREFIX + name;
    }

    public Kind kind() {
        return kind;
    }

    /** Which channels have it. */
    public Direction direction() {
        return direction;
    }

    /** What is counted: {@code records} or {@code commits}, or nothing. */
    public String unit() {
        if (this == PAUSED) {
            return "";
        }
        return name.startsWith("commit") ? "commits" : "records";
    }

    public String description() {
        return description;
    }

    /** The number now. */
    public double of(ChannelMeter meter) {
        return reading.applyAsDouble(meter);
    }
}
