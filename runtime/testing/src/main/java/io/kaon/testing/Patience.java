// SPDX-License-Identifier: Apache-2.0
package io.kaon.testing;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;

/** How long a test waits for something. Immutable; begins to run when it is made. */
final class Patience {
    /** Between two looks at a condition: short enough for a test, long enough for a broker. */
    private static final long LOOK_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Duration total;
    private final long deadlineNs;

    private Patience(Duration total, long deadlineNs) {
        this.total = total;
        this.deadlineNs = deadlineNs;
    }

    static Patience of(Duration total) {
        return new Patience(total, System.nanoTime() + total.toNanos());
    }

    long leftNs() {
        return Math.max(0, deadlineNs - System.nanoTime());
    }

    boolean isOver() {
        return leftNs() == 0;
    }

    /** What is left of it, and not more than so much. */
    Duration left(Duration atMost) {
        Duration left = Duration.ofNanos(leftNs());
        return left.compareTo(atMost) < 0 ? left : atMost;
    }

    /** Looks until the condition holds; answers whether it did in time. Looks once at least. */
    boolean until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (isOver()) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Waits a moment before the next look. */
    void pause() {
        LockSupport.parkNanos(Math.min(LOOK_INTERVAL_NS, leftNs()));
        if (Thread.interrupted()) {
            throw new InterruptException("The test was interrupted while it waited");
        }
    }

    /**
     * Waits for an answer of the broker.
     *
     * @throws KafkaException what Kafka's client said, or that there was no answer in time
     */
    <T> T get(String what, Future<T> answer) {
        try {
            return answer.get(leftNs(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof KafkaException cause) {
                throw cause;
            }
            throw new KafkaException(what + " failed: " + failure.getCause().getMessage(), failure.getCause());
        } catch (TimeoutException late) {
            throw new org.apache.kafka.common.errors.TimeoutException(
                    what + ": the broker gave no answer within " + this, late);
        } catch (InterruptedException interrupted) {
            throw new InterruptException(interrupted);
        }
    }

    @Override
    public String toString() {
        long ms = total.toMillis();
        return ms % 1000 == 0 ? ms / 1000 + " s" : ms + " ms";
    }
}
