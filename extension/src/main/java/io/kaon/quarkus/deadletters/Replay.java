// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends dead letters back to where they came from. A record is marked as replayed when the broker has acknowledged it, so
 * what fails in between is written twice at worst and never lost. The order within a partition is kept. One thread, which
 * waits for the broker.
 */
final class Replay {
    private static final long PATIENCE_S = 120;
    /** A broker that answers but gives no record of a partition that has some. */
    private static final int MAX_EMPTY_POLLS = 150;

    private final LetterTopic topic;
    private final Producer<byte[], byte[]> producer;
    private final Selection selection;
    private final Optional<String> home;
    private final Map<String, Integer> partitionCounts = new HashMap<>();
    private final Tally tally;

    /**
     * @param home where letters go that do not say where they came from
     * @param progress is told how many letters have been looked at
     */
    Replay(
            LetterTopic topic,
            Producer<byte[], byte[]> producer,
            Selection selection,
            Optional<String> home,
            LongConsumer progress) {
        this.topic = topic;
        this.producer = producer;
        this.selection = selection;
        this.home = home;
        this.tally = new Tally(progress);
    }

    /** What was done so far. */
    private static final class Tally {
        private final LongConsumer progress;
        private long written;
        private long skipped;
        private final List<String> homeless = new ArrayList<>();

        Tally(LongConsumer progress) {
            this.progress = progress;
        }

        void tell() {
            progress.accept(written + skipped + homeless.size());
        }
    }

    /**
     * How it ended.
     *
     * @param written letters that were sent back
     * @param skipped letters that had been before
     * @param homeless letters whose topic is not known or not there, as {@code partition@offset}, a few of them
     */
    record Outcome(long written, long skipped, List<String> homeless) {}

    /** How many letters it is about. */
    long total() {
        return selection.places().isPresent() ? selection.places().get().size() : topic.unreplayed();
    }

    /**
     * @throws ReplayException when a record could not be written; what was written before is marked
     */
    Outcome run() {
        new TreeMap<>(wanted()).values().forEach(this::replay);
        return new Outcome(tally.written, tally.skipped, tally.homeless);
    }

    private record Wanted(TopicPartition partition, Optional<NavigableSet<Long>> offsets) {}

    private Map<Integer, Wanted> wanted() {
        Map<Integer, Wanted> wanted = new HashMap<>();
        for (TopicPartition partition : topic.ends().keySet()) {
            if (selection.places().isEmpty()) {
                wanted.put(partition.partition(), new Wanted(partition, Optional.empty()));
                continue;
            }
            NavigableSet<Long> offsets = new TreeSet<>();
            selection.places().get().stream()
                    .filter(place -> place.partition() == partition.partition())
                    .forEach(place -> offsets.add(place.offset()));
            if (!offsets.isEmpty()) {
                wanted.put(partition.partition(), new Wanted(partition, Optional.of(offsets)));
            }
        }
        return wanted;
    }

    private void replay(Wanted wanted) {
        TopicPartition partition = wanted.partition();
        long first = wanted.offsets().map(NavigableSet::first).orElse(0L);
        long last = wanted.offsets().map(NavigableSet::last).orElse(Long.MAX_VALUE);
        long end = Math.min(topic.ends().get(partition), last == Long.MAX_VALUE ? last : last + 1);
        long from = Math.max(topic.start(partition), first);
        if (from >= end) {
            return;
        }
        topic.begin(partition, from);
        int emptyPolls = 0;
        while (topic.position(partition) < end) {
            List<DeadLetter> letters = topic.next();
            emptyPolls = letters.isEmpty() ? emptyPolls + 1 : 0;
            if (emptyPolls > MAX_EMPTY_POLLS) {
                throw new ReplayException("The broker gives no records of " + partition + ": try again later", null);
            }
            write(
                    partition,
                    letters.stream()
                            .filter(letter -> letter.record().offset() < end)
                            .filter(letter -> wanted.offsets()
                                    .map(offsets ->
                                            offsets.contains(letter.record().offset()))
                                    .orElse(true))
                            .toList());
        }
    }

    private record Sent(long offset, Future<RecordMetadata> answer) {}

    private void write(TopicPartition partition, List<DeadLetter> letters) {
        List<Sent> sent = new ArrayList<>();
        for (DeadLetter letter : letters) {
            if (letter.isReplayed() && !selection.isAgain()) {
                tally.skipped++;
                continue;
            }
            Optional<String> target = letter.failure().origin().topic().or(() -> home);
            int partitions = target.map(this::partitionCount).orElse(0);
            if (partitions == 0) {
                tally.homeless.add(partition.partition() + "@" + letter.record().offset());
            } else {
                sent.add(new Sent(
                        letter.record().offset(), producer.send(Replayed.of(letter, target.get(), partitions))));
            }
        }
        producer.flush();
        try {
            for (Sent one : sent) {
                await(partition, one);
                topic.markReplayed(partition, one.offset());
                tally.written++;
            }
        } finally {
            if (!sent.isEmpty()) {
                topic.commit(partition);
            }
        }
        tally.tell();
    }

    private int partitionCount(String target) {
        return partitionCounts.computeIfAbsent(target, topic::partitionCount);
    }

    private static void await(TopicPartition partition, Sent one) {
        String which = partition + "@" + one.offset();
        try {
            one.answer().get(PATIENCE_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new ReplayException("The dead letter " + which + " could not be written: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ReplayException("The broker did not take the dead letter " + which + " in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ReplayException("The application ends; it came as far as " + which, e);
        }
    }
}
