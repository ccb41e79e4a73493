// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.record.Sequences;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * The records of one partition that wait, and the batch that is under way. Owned by the producer's thread, but for
 * {@link #isBatching}.
 */
final class Lane {
    /**
     * Records on their way.
     *
     * @param sizeInBytes the sum of theirs
     * @param producer who sends them, when sequences are kept
     * @param sequence of the first of them, then
     */
    record Batch(
            Lane lane,
            List<PendingRecord> records,
            int sizeInBytes,
            Optional<ProducerIdAndEpoch> producer,
            int sequence) {
        /** Of the record that has waited longest. */
        long acceptedNs() {
            return records.get(0).acceptedNs();
        }
    }

    private static final int USUAL_RECORDS = 1024;

    private final TopicPartition target;
    private final Deque<PendingRecord> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private volatile boolean isBatching;
    private Optional<Batch> underWay = Optional.empty();
    private boolean isGivenUp;
    private boolean isTouched;
    private boolean isWakeScheduled;
    private int attempts;
    private int sequence;
    private Optional<ProducerIdAndEpoch> producer = Optional.empty();
    private long entered;
    private long finished;
    private final Deque<Waiter> waiters = new ArrayDeque<>();

    /** Who waits until so many records of the lane are finished. */
    private record Waiter(long finished, Runnable task) {}

    Lane(TopicPartition target) {
        this.target = target;
    }

    TopicPartition target() {
        return target;
    }

    /** Whether a record would wait for others here. Any thread; a hint. */
    boolean isBatching() {
        return isBatching;
    }

    void add(PendingRecord record) {
        entered++;
        waiting.add(record);
        waitingBytes += record.sizeInBytes();
        if (!isBatching) {
            isBatching = true;
        }
    }

    boolean hasWaiting() {
        return !waiting.isEmpty();
    }

    int waitingBytes() {
        return waitingBytes;
    }

    /** When the first that waits came; there has to be one. */
    long oldestNs() {
        return waiting.element().acceptedNs();
    }

    /** Takes the first that waits; there has to be one. */
    PendingRecord remove() {
        PendingRecord record = waiting.remove();
        waitingBytes -= record.sizeInBytes();
        updateHint();
        return record;
    }

    /** Takes as many as the limit allows, one at least. */
    List<PendingRecord> take(int batchBytes) {
        List<PendingRecord> records = new ArrayList<>(Math.min(waiting.size(), USUAL_RECORDS));
        int bytes = 0;
        while (!waiting.isEmpty()
                && (records.isEmpty() || bytes + waiting.element().sizeInBytes() <= batchBytes)) {
            PendingRecord record = waiting.remove();
            bytes += record.sizeInBytes();
            records.add(record);
        }
        waitingBytes -= bytes;
        return records;
    }

    /** So many records have their outcome. */
    void finish(int records) {
        finished += records;
        while (!waiters.isEmpty() && waiters.element().finished() <= finished) {
            waiters.remove().task().run();
        }
    }

    /** Runs the task when all that is here now is finished; false, and nothing runs, when there is nothing. */
    boolean whenFinished(Runnable task) {
        return finished < entered && waiters.add(new Waiter(entered, task));
    }

    Optional<Batch> underWay() {
        return underWay;
    }

    boolean isBusy() {
        return underWay.isPresent();
    }

    /** A batch sets out. The next sequence number is that after its records; it begins anew with each epoch. */
    Batch depart(List<PendingRecord> records, Optional<ProducerIdAndEpoch> id) {
        int bytes = 0;
        for (PendingRecord record : records) {
            bytes += record.sizeInBytes();
        }
        Batch batch = new Batch(this, records, bytes, id, id.isPresent() ? nextSequence(id, records.size()) : 0);
        underWay = Optional.of(batch);
        isGivenUp = false;
        attempts = 1;
        return batch;
    }

    /** The same records under other numbers, because the broker did not take those. */
    Batch depart(Batch again, Optional<ProducerIdAndEpoch> id) {
        Batch batch = new Batch(
                this,
                again.records(),
                again.sizeInBytes(),
                id,
                id.isPresent() ? nextSequence(id, again.records().size()) : 0);
        underWay = Optional.of(batch);
        return batch;
    }

    /** The broker has not taken the batch: its numbers are those of the next one. */
    void rewind(Batch batch) {
        if (producer.equals(batch.producer())) {
            sequence = batch.sequence();
        }
    }

    private int nextSequence(Optional<ProducerIdAndEpoch> id, int records) {
        if (!producer.equals(id)) {
            producer = id;
            sequence = 0;
        }
        int first = sequence;
        sequence = Sequences.add(first, records);
        return first;
    }

    /** Counts how often the batch was sent. */
    int nextAttempt() {
        return ++attempts;
    }

    int attempts() {
        return attempts;
    }

    /** The records of the batch have their answer, though the broker has not given one yet. */
    void giveUp() {
        isGivenUp = true;
    }

    boolean isGivenUp() {
        return isGivenUp;
    }

    void arrive() {
        underWay = Optional.empty();
        updateHint();
    }

    private void updateHint() {
        if (waiting.isEmpty() && underWay.isEmpty()) {
            isBatching = false;
        }
    }

    /** Whether this is the first call since the last {@link #touchEnded}. */
    boolean touch() {
        boolean isFirst = !isTouched;
        isTouched = true;
        return isFirst;
    }

    void touchEnded() {
        isTouched = false;
    }

    /** Whether this is the first call since the last {@link #wakeEnded}. */
    boolean scheduleWake() {
        boolean isFirst = !isWakeScheduled;
        isWakeScheduled = true;
        return isFirst;
    }

    void wakeEnded() {
        isWakeScheduled = false;
    }
}
