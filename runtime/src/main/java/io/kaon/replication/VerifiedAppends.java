// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.storage.PartitionLog;
import io.kaon.storage.Rejected;
import io.kaon.storage.producer.ProducerBatch;
import io.kaon.storage.producer.VerificationGuard;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Batches that would begin a transaction in a partition, while the coordinator is asked whether it knows of it
 * (KIP-890), and those of the same producer behind them: they must not overtake. Nobody else waits. Owned by the
 * partition.
 *
 * <pre>
 * lane of producer 7   ┌ group: epoch 3, asked ────┐ ┌ group: epoch 4, asked ┐
 *   next to append ──▶ │ batch   batch   batch     │ │ batch                 │ ◀── arrives
 *                      └───────────────────────────┘ └───────────────────────┘
 * </pre>
 *
 * A group has one question: its batches are appended in order when the answer is good and share the error when it is
 * not. A lane is there while it has batches, so that what arrives while it is emptied stays behind.
 */
final class VerifiedAppends {
    /** Batches of one producer that may wait; a client has five in flight. */
    static final int MAX_WAITING = 64;

    private final Port port;
    private final Map<Long, Lane> lanes = new HashMap<>();

    /** What the partition does for it. */
    interface Port {
        /** Runs the task inside the owner, later. Any thread. */
        void later(Runnable task);

        /**
         * Appends in the batch's turn and tells the client. Runs {@code then} inside the owner afterwards, also when
         * the partition is not there any more.
         */
        void append(TransactionalBatch batch, VerificationGuard guard, Runnable then);
    }

    VerifiedAppends(Port port) {
        this.port = port;
    }

    /** Whether the batch may be appended now; otherwise it waits here, or is refused. */
    boolean admits(PartitionLog log, TransactionalBatch batch) {
        ProducerBatch header = batch.header();
        Lane lane = lanes.get(header.producerId());
        if (lane == null && !log.needsVerification(header)) {
            batch.gate().pass();
            return true;
        }
        if (lane == null) {
            lane = new Lane(log, header.producerId());
            lanes.put(header.producerId(), lane);
        }
        if (lane.waiting < MAX_WAITING) {
            lane.add(batch);
        } else {
            batch.gate().pass();
            batch.answer()
                    .complete(rejected(
                            ErrorCode.NOT_ENOUGH_REPLICAS, "too many batches wait for the transaction's coordinator"));
        }
        return false;
    }

    /** The partition is not led here any more. */
    void refuseAll(Rejected refusal) {
        List<Lane> left = List.copyOf(lanes.values());
        lanes.clear();
        left.forEach(lane -> lane.refuseAll(refusal));
    }

    private static Rejected rejected(ErrorCode error, String message) {
        return new Rejected(error, message, List.of());
    }

    /** One question, and the batches that rest on its answer. */
    private static final class Group {
        private final VerificationGuard guard;
        private final Deque<TransactionalBatch> batches = new ArrayDeque<>(2);
        private Optional<ErrorCode> answer = Optional.empty();

        Group(VerificationGuard guard) {
            this.guard = guard;
        }

        boolean takes(ProducerBatch batch) {
            boolean isRefused = answer.isPresent() && answer.get() != ErrorCode.NONE;
            return batch.epoch() == guard.epoch() && !guard.isStale() && !isRefused;
        }
    }

    private final class Lane {
        private final PartitionLog log;
        private final long producerId;
        private final Deque<Group> groups = new ArrayDeque<>(1);
        private int waiting;
        private boolean isAppending;

        Lane(PartitionLog log, long producerId) {
            this.log = log;
            this.producerId = producerId;
        }

        void add(TransactionalBatch batch) {
            waiting++;
            Group last = groups.peekLast();
            if (last != null && last.takes(batch.header())) {
                last.batches.add(batch);
                batch.gate().pass();
                return;
            }
            Group group =
                    new Group(log.beginVerification(batch.header(), batch.gate().hasOwnEpoch()));
            group.batches.add(batch);
            groups.add(group);
            batch.gate()
                    .verify()
                    .thenAccept(error -> port.later(() -> {
                        group.answer = Optional.of(error);
                        proceed();
                    }));
        }

        /** Empties what is decided, one append at a time, so that each can go where it may block. */
        private void proceed() {
            while (!isAppending && isLeft()) {
                Group head = groups.element();
                if (head.answer.isEmpty()) {
                    return;
                }
                TransactionalBatch next = head.batches.poll();
                if (next == null) {
                    log.endVerification(head.guard);
                    groups.remove();
                } else if (head.answer.get() == ErrorCode.NONE) {
                    isAppending = true;
                    port.append(next, head.guard, this::onAppended);
                } else {
                    waiting--;
                    next.answer()
                            .complete(rejected(
                                    head.answer.get(), "the coordinator of the transaction says " + head.answer.get()));
                }
            }
        }

        private void onAppended() {
            isAppending = false;
            waiting--;
            proceed();
        }

        private boolean isLeft() {
            if (groups.isEmpty()) {
                lanes.remove(producerId, this);
            }
            return !groups.isEmpty();
        }

        void refuseAll(Rejected refusal) {
            for (Group group : groups) {
                log.endVerification(group.guard);
                group.batches.forEach(batch -> batch.answer().complete(refusal));
                group.batches.clear();
            }
            groups.clear();
        }
    }
}
