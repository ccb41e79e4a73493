// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.record.Record;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.TopicPartition;

/** Where a consumer stands in one of its partitions. Owned by the thread that polls. */
final class ConsumedPartition {
    private static final long UNKNOWN = -1;

    private final TopicPartition id;
    private final Deque<FetchedRecord> fetched = new ArrayDeque<>();
    private long position = UNKNOWN;
    private Optional<OffsetReset> seek = Optional.empty();
    private boolean isReset;
    private long lostPosition = UNKNOWN;
    private boolean isPaused;
    private long logStart = UNKNOWN;
    private long readableEnd = UNKNOWN;
    private Deadline retryAt = Deadline.inMs(0);

    ConsumedPartition(TopicPartition id) {
        this.id = id;
    }

    /**
     * A record of a batch that has been fetched, not deserialized yet.
     *
     * @param leaderEpoch of its batch
     * @param isLogAppendTime whose clock its timestamp comes from
     */
    record FetchedRecord(Record record, int leaderEpoch, boolean isLogAppendTime) {}

    TopicPartition id() {
        return id;
    }

    /** Offset of the next record that a poll returns; only when {@link #hasPosition()}. */
    long position() {
        return position;
    }

    boolean hasPosition() {
        return position != UNKNOWN;
    }

    /** Goes on at an offset; what was fetched is of no use then. */
    void seekTo(long offset) {
        position = offset;
        seek = Optional.empty();
        isReset = false;
        fetched.clear();
    }

    /** Goes on at an end of the log that has to be asked for first. */
    void seekTo(OffsetReset end) {
        position = UNKNOWN;
        seek = Optional.of(end);
        fetched.clear();
    }

    /** The offset is no more in the log: {@code auto.offset.reset} decides. */
    void forgetPosition() {
        lostPosition = position;
        position = UNKNOWN;
        seek = Optional.empty();
        fetched.clear();
        isReset = true;
    }

    /** Whether the position was lost, so that the committed one is of no use either. */
    boolean isReset() {
        return isReset;
    }

    /** The position that was lost; only when {@link #isReset()}. */
    long lostPosition() {
        return lostPosition;
    }

    /** The end of the log that was asked for, if one was. */
    Optional<OffsetReset> pendingSeek() {
        return seek;
    }

    boolean isPaused() {
        return isPaused;
    }

    void pause() {
        isPaused = true;
    }

    void resume() {
        isPaused = false;
    }

    /** Up to where the consumer may read, as the broker told last; −1 before that. */
    long readableEnd() {
        return readableEnd;
    }

    /** How many records there are behind the position, when both are known. */
    OptionalLong lag() {
        return hasPosition() && readableEnd >= 0
                ? OptionalLong.of(Math.max(0, readableEnd - position))
                : OptionalLong.empty();
    }

    /** Where the log begins, as the broker told last; −1 before that. */
    long logStart() {
        return logStart;
    }

    /** The broker has told where the log begins, and up to where it may be read. */
    void onBounds(long start, long end) {
        logStart = start;
        readableEnd = end;
    }

    /** How many records wait for a poll. */
    int recordCount() {
        return fetched.size();
    }

    boolean hasRecords() {
        return !fetched.isEmpty();
    }

    boolean isReadyToFetch() {
        return hasPosition() && !isPaused && fetched.isEmpty() && retryAt.hasPassed();
    }

    /** Whether something has to be tried again soon, without anything that would tell. */
    boolean isUnsettled() {
        return !isPaused && (!hasPosition() || !retryAt.hasPassed());
    }

    void retryIn(long ms) {
        retryAt = Deadline.inMs(ms);
    }

    void add(FetchedRecord record) {
        fetched.add(record);
    }

    /** The next record that a poll returns; only when {@link #hasRecords()}. */
    FetchedRecord first() {
        return fetched.getFirst();
    }

    /** The first record has been delivered. */
    void advance() {
        position = fetched.remove().record().offset() + 1;
    }

    /** Nothing but control records, aborted or compacted ones up to there. */
    void skipTo(long offset) {
        position = Math.max(position, offset);
    }
}
