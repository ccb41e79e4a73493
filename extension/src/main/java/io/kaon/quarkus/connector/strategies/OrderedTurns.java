// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/**
 * Lets records of different groups (keys, or partitions) go to the application at the same time, and those of one group
 * one after the other: the next one when the one before is acknowledged. Any thread.
 */
final class OrderedTurns {
    /** What makes the records of a group. */
    enum Grouping {
        KEY,
        PARTITION
    }

    /**
     * What a channel wants.
     *
     * @param most how many groups may be under way at a time
     * @param mostRecords how many records may be under way or wait for their turn
     */
    record Rules(Grouping grouping, int most, int mostRecords) {}

    private record Group(String topic, int partition, Optional<Object> key) {}

    /** @param drop instead of {@code go}: nobody is to get the record any more */
    private record Waiting(long offset, Runnable go, Runnable drop) {}

    /** One group: under way, or ready to be, or it is not there. */
    private static final class Lane {
        private static final long NONE = -1;
        private long offsetUnderWay = NONE;
        private final Deque<Waiting> waiting = new ArrayDeque<>();
    }

    private final Rules rules;
    private final Map<Group, Lane> lanes = new HashMap<>();
    /** Groups that wait only because so many others are under way. */
    private final Deque<Lane> ready = new ArrayDeque<>();

    private int underWay;

    OrderedTurns(Rules rules) {
        this.rules = rules;
    }

    /** How many records may be under way or wait for their turn. */
    int mostRecords() {
        return rules.mostRecords();
    }

    /** The record, when its turn has come. */
    <K, V> Uni<IncomingKafkaRecord<K, V>> turn(IncomingKafkaRecord<K, V> record) {
        return Uni.createFrom().emitter(emitter -> {
            Runnable drop = () -> {
                record.ack(); // The application never gets it, and does not have to be waited for.
                emitter.complete(null);
            };
            Waiting waiting = new Waiting(record.getOffset(), () -> emitter.complete(record), drop);
            begun(groupOf(record), waiting).ifPresent(next -> next.go().run());
        });
    }

    private synchronized Optional<Waiting> begun(Group group, Waiting waiting) {
        Lane lane = lanes.get(group);
        if (lane == null) {
            lane = new Lane();
            lanes.put(group, lane);
            ready.add(lane);
        }
        lane.waiting.add(waiting);
        return begun();
    }

    private Optional<Waiting> begun() {
        if (underWay >= rules.most() || ready.isEmpty()) {
            return Optional.empty();
        }
        Lane lane = ready.remove();
        Waiting next = lane.waiting.remove();
        lane.offsetUnderWay = next.offset();
        underWay++;
        return Optional.of(next);
    }

    /** The application is done with a record. Ignored unless it is the one of its group that is under way. */
    void ended(IncomingKafkaRecord<?, ?> record) {
        begunAfter(groupOf(record), record.getOffset())
                .ifPresent(next -> next.go().run());
    }

    private synchronized Optional<Waiting> begunAfter(Group group, long offset) {
        Lane lane = lanes.get(group);
        if (lane == null || lane.offsetUnderWay != offset) {
            return Optional.empty();
        }
        lane.offsetUnderWay = Lane.NONE;
        underWay--;
        if (lane.waiting.isEmpty()) {
            lanes.remove(group);
        } else {
            ready.add(lane); // Behind other groups, which have waited longer.
        }
        return begun();
    }

    /**
     * Takes out what waits of partitions that are gone: whoever has them now gets it. Those under way are not touched.
     *
     * @return what ends each of them; to be run when nothing is committed for their partitions any more
     */
    synchronized List<Runnable> forget(Collection<TopicPartition> gone) {
        List<Runnable> dropped = new ArrayList<>();
        lanes.entrySet().removeIf(entry -> {
            Group group = entry.getKey();
            Lane lane = entry.getValue();
            if (!gone.contains(new TopicPartition(group.topic(), group.partition()))) {
                return false;
            }
            lane.waiting.forEach(waiting -> dropped.add(waiting.drop()));
            lane.waiting.clear();
            ready.remove(lane);
            return lane.offsetUnderWay == Lane.NONE;
        });
        return dropped;
    }

    private Group groupOf(IncomingKafkaRecord<?, ?> record) {
        Object key = rules.grouping() == Grouping.KEY ? record.getKey() : null;
        Object comparable = key instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : key;
        return new Group(record.getTopic(), record.getPartition(), Optional.ofNullable(comparable));
    }
}
