// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;

/**
 * What one channel has done so far: plain counters, without a metrics library, cheap enough to be called for every
 * record. Any thread may count and read; a reading is not a snapshot over several counters.
 *
 * <p>What is in flight is not counted but follows from the others. So each record that was {@link #received} has to
 * become one of {@link #acknowledged}, {@link #failed} or {@link #dropped}, and each that was {@link #accepted} one of
 * {@link #sent} or {@link #sendFailed}.
 */
public final class ChannelMeter {
    /** Which way the records of a channel go, seen from the application. */
    public enum Direction {
        INCOMING,
        OUTGOING;

        /** The value of the tag. */
        public String tag() {
            return this == INCOMING ? "incoming" : "outgoing";
        }
    }

    private final String channel;
    private final Direction direction;
    private final Counter received = new Counter();
    private final Counter acknowledged = new Counter();
    private final Counter failed = new Counter();
    private final Counter dropped = new Counter();
    private final Counter accepted = new Counter();
    private final Counter sent = new Counter();
    private final Counter sendFailures = new Counter();
    private volatile LongSupplier commits = () -> 0;
    private volatile BooleanSupplier paused = () -> false;
    private volatile Supplier<Map<TopicPartition, Long>> lag = Map::of;

    public ChannelMeter(Direction direction, String channel) {
        this.direction = Objects.requireNonNull(direction);
        this.channel = Objects.requireNonNull(channel);
    }

    /** The name of the channel. */
    public String channel() {
        return channel;
    }

    /** Whether records come in or go out. */
    public Direction direction() {
        return direction;
    }

    /** Incoming: records were taken from the broker for the application. */
    public void received(int records) {
        received.add(records);
    }

    /** Incoming: the application has acknowledged records. */
    public void acknowledged(int records) {
        acknowledged.add(records);
    }

    /** Incoming: the application has refused records (negative acknowledgement), whatever the strategy does then. */
    public void failed(int records) {
        failed.add(records);
    }

    /**
     * Incoming: records were received but nobody will ever acknowledge them here, because their partition has been
     * revoked or the channel ends before the application got them.
     */
    public void dropped(int records) {
        dropped.add(records);
    }

    /**
     * Incoming: tells how many commits the broker has taken, each of however many partitions. Asked as the lag is.
     */
    public void commitsFrom(LongSupplier source) {
        commits = Objects.requireNonNull(source);
    }

    /**
     * Incoming: tells how many records each assigned partition is behind. Asked by whoever reads meters, on its thread,
     * so it must not block nor throw.
     */
    public void lagFrom(Supplier<Map<TopicPartition, Long>> source) {
        lag = Objects.requireNonNull(source);
    }

    /** Incoming: tells whether the channel is paused. Asked as the lag is. */
    public void pausedFrom(BooleanSupplier source) {
        paused = Objects.requireNonNull(source);
    }

    /** Outgoing: messages of the application were taken to be sent. */
    public void accepted(int records) {
        accepted.add(records);
    }

    /** Outgoing: the broker has acknowledged records. */
    public void sent(int records) {
        sent.add(records);
    }

    /** Outgoing: records could not be sent, after all retries. */
    public void sendFailed(int records) {
        sendFailures.add(records);
    }

    public long receivedCount() {
        return received.sum();
    }

    public long acknowledgedCount() {
        return acknowledged.sum();
    }

    public long failedCount() {
        return failed.sum();
    }

    public long commitCount() {
        return commits.getAsLong();
    }

    /** Whether somebody has paused the channel. */
    public boolean isPaused() {
        return paused.getAsBoolean();
    }

    public long acceptedCount() {
        return accepted.sum();
    }

    public long sentCount() {
        return sent.sum();
    }

    public long sendFailureCount() {
        return sendFailures.sum();
    }

    /** Records that the channel has begun with and not ended, 0 or more. */
    public long inFlight() {
        // What ends is read before what begins: a record that does both in between must not make the result negative.
        if (direction == Direction.INCOMING) {
            long ended = acknowledged.sum() + failed.sum() + dropped.sum();
            return Math.max(0, received.sum() - ended);
        }
        long ended = sent.sum() + sendFailures.sum();
        return Math.max(0, accepted.sum() - ended);
    }

    /** How many records each assigned partition is behind, as far as it is known. */
    public Map<TopicPartition, Long> lag() {
        return lag.get();
    }

    @Override
    public String toString() {
        return "ChannelMeter(" + direction.tag() + " " + channel + ")";
    }

    /**
     * An adder with a cache line of nothing behind its fields: the thread that polls and those that acknowledge count
     * beside each other, and must not take the line away from one another.
     */
    private static final class Counter extends LongAdder {
        private long p0;
        private long p1;
        private long p2;
        private long p3;
        private long p4;
        private long p5;
        private long p6;
        private long p7;
    }
}
