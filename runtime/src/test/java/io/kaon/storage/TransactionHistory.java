// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.record.ControlRecordType;
import io.kaon.storage.producer.TransactionMarker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** The naive truth about a log with transactions: a list of what was appended, from which everything is told anew. */
final class TransactionHistory {
    private final List<Line> lines = new ArrayList<>();
    private final Map<Integer, Producer> producers = new TreeMap<>();
    private final List<Transaction> ended = new ArrayList<>();
    private long logStart;
    private long highWatermark;
    private long logEnd;

    /** A batch. A marker has one record. */
    record Line(
            long first, long last, int producer, int epoch, boolean isTransactional, Optional<TransactionMarker> end) {}

    /** A transaction that has ended. */
    record Transaction(int producer, long first, long marker, boolean isAborted) {}

    /** What is known of a producer. */
    record Producer(int epoch, int nextSequence, long openFrom, int coordinatorEpoch) {
        static final Producer NEW = new Producer(0, 0, -1, -1);
    }

    Line next(int producer, int epoch, boolean isTransactional, int records) {
        return new Line(logEnd, logEnd + records - 1, producer, epoch, isTransactional, Optional.empty());
    }

    Line next(TransactionMarker marker) {
        return new Line(logEnd, logEnd, (int) marker.producerId(), marker.producerEpoch(), true, Optional.of(marker));
    }

    void add(Line line) {
        lines.add(line);
        replay(line);
    }

    private void replay(Line line) {
        logEnd = line.last() + 1;
        if (line.producer() < 0) {
            return;
        }
        Producer before = producer(line.producer());
        int sequence = before.epoch() == line.epoch() ? before.nextSequence() : 0;
        if (line.end().isPresent()) {
            TransactionMarker marker = line.end().get();
            if (before.openFrom() >= 0) {
                ended.add(new Transaction(
                        line.producer(), before.openFrom(), line.first(), marker.type() == ControlRecordType.ABORT));
            }
            producers.put(line.producer(), new Producer(line.epoch(), sequence, -1, marker.coordinatorEpoch()));
        } else {
            boolean begins = line.isTransactional() && before.openFrom() < 0;
            producers.put(
                    line.producer(),
                    new Producer(
                            line.epoch(),
                            sequence + (int) (line.last() - line.first() + 1),
                            begins ? line.first() : before.openFrom(),
                            before.coordinatorEpoch()));
        }
    }

    Producer producer(int id) {
        return producers.getOrDefault(id, Producer.NEW);
    }

    void truncate(long offset) {
        List<Line> kept = lines.stream().filter(line -> line.last() < offset).toList();
        lines.clear();
        producers.clear();
        ended.clear();
        logEnd = logStart;
        kept.forEach(this::add);
    }

    void onLogStart(long offset) {
        logStart = offset;
    }

    void onHighWatermark(long offset) {
        highWatermark = offset;
    }

    void onReopened(long start, long committed) {
        if (start > logStart || committed > highWatermark) {
            throw new AssertionError("the log begins at " + start + " and is committed up to " + committed);
        }
        logStart = start;
        highWatermark = committed;
    }

    long logStart() {
        return logStart;
    }

    long highWatermark() {
        return highWatermark;
    }

    long logEnd() {
        return logEnd;
    }

    long lastStableOffset() {
        long stable = highWatermark;
        for (Producer producer : producers.values()) {
            stable = producer.openFrom() < 0 ? stable : Math.min(stable, producer.openFrom());
        }
        for (Transaction transaction : ended) {
            stable = transaction.marker() < highWatermark ? stable : Math.min(stable, transaction.first());
        }
        return Math.max(logStart, stable);
    }

    String openTransactions() {
        StringBuilder open = new StringBuilder();
        producers.forEach((id, producer) -> {
            if (producer.openFrom() >= 0) {
                open.append(id).append('@').append(producer.openFrom()).append(' ');
            }
        });
        return open.toString();
    }

    List<Transaction> aborted(long from, long upTo) {
        return ended.stream()
                .filter(transaction -> transaction.isAborted()
                        && from < upTo
                        && transaction.marker() >= from
                        && transaction.first() < upTo)
                .sorted(Comparator.comparingLong(Transaction::first))
                .toList();
    }

    /** The records that count. */
    List<String> committed(long from, long upTo) {
        List<String> values = new ArrayList<>();
        for (Line line : lines) {
            for (long offset = Math.max(from, line.first()); offset <= line.last() && offset < upTo; offset++) {
                if (line.end().isEmpty() && !isAborted(line)) {
                    values.add(offset + "=" + value(offset));
                }
            }
        }
        return values;
    }

    private boolean isAborted(Line line) {
        return line.isTransactional()
                && ended.stream()
                        .anyMatch(transaction -> transaction.isAborted()
                                && transaction.producer() == line.producer()
                                && transaction.first() <= line.first()
                                && line.last() < transaction.marker());
    }

    static String value(long offset) {
        return "v" + offset;
    }

    /** The beginning of a batch, or the end of the last one, between two offsets. */
    long offsetBetween(long low, long high, Random random) {
        List<Long> candidates = new ArrayList<>();
        candidates.add(low);
        candidates.add(high);
        for (Line line : lines) {
            if (line.first() >= low && line.first() <= high) {
                candidates.add(line.first());
            }
        }
        return candidates.get(random.nextInt(candidates.size()));
    }
}
