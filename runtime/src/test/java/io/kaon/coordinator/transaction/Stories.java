// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.TransactionPhase.Ending;
import io.kaon.coordinator.transaction.TransactionPhase.Idle;
import io.kaon.coordinator.transaction.TransactionPhase.Ongoing;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** Transactions in each of their states, and short ways to decide about them. */
final class Stories {
    static final long PRODUCER_ID = 100;
    static final long FRESH_ID = 200;
    static final short EPOCH = 5;
    static final long NOW_MS = 9_000;
    static final int TIMEOUT_MS = 60_000;
    static final Idle EMPTY = Idle.EMPTY;
    static final Ongoing ONGOING = new Ongoing(partitions("t", 0), 1_000);
    static final Ending PREPARE_COMMIT = ONGOING.end(true);
    static final Ending PREPARE_ABORT = ONGOING.end(false);
    static final Idle COMPLETE_COMMIT = PREPARE_COMMIT.complete();
    static final Idle COMPLETE_ABORT = PREPARE_ABORT.complete();

    private Stories() {}

    static TransactionPhase phase(String kafkaName) {
        for (TransactionPhase phase :
                new TransactionPhase[] {EMPTY, ONGOING, PREPARE_COMMIT, PREPARE_ABORT, COMPLETE_COMMIT, COMPLETE_ABORT
                }) {
            if (phase.state().kafkaName().equals(kafkaName)) {
                return phase;
            }
        }
        throw new AssertionError(kafkaName);
    }

    static SortedSet<TopicPartition> partitions(String topic, int... indexes) {
        SortedSet<TopicPartition> partitions = new TreeSet<>();
        for (int index : indexes) {
            partitions.add(new TopicPartition(topic, index));
        }
        return partitions;
    }

    /** The producer id {@value #PRODUCER_ID} with another epoch. */
    static ProducerIdAndEpoch epoch(int epoch) {
        return new ProducerIdAndEpoch(PRODUCER_ID, (short) epoch);
    }

    /** Of the producer {@value #PRODUCER_ID} in epoch {@value #EPOCH}, which nobody knows from before. */
    static Transaction in(TransactionPhase phase) {
        return in(phase, EPOCH, ProducerIdentity.NO_EPOCH);
    }

    static Transaction in(TransactionPhase phase, int epoch, int lastEpoch) {
        return of(new ProducerIdentity(epoch(epoch), PRODUCER_ID, (short) lastEpoch, ProducerIdentity.NO_ID), phase);
    }

    static Transaction of(ProducerIdentity producer, TransactionPhase phase) {
        return new Transaction(producer, phase, TIMEOUT_MS, 2_000, (short) 0);
    }

    static Decision decide(Question question, Transaction present) {
        return question.decide(Optional.of(present), OptionalLong.empty(), NOW_MS);
    }

    static Decision decideWithFreshId(Question question, Transaction present) {
        return question.decide(Optional.of(present), OptionalLong.of(FRESH_ID), NOW_MS);
    }

    static Transaction next(Decision decision) {
        if (decision instanceof Decision.AbortFirst abort) {
            return abort.next();
        }
        assertThat(decision).isInstanceOf(Decision.Step.class);
        return ((Decision.Step) decision).next();
    }

    static Reply reply(Decision decision) {
        return decision instanceof Decision.Step step ? step.reply() : ((Decision.Answer) decision).reply();
    }

    static ErrorCode error(Decision decision) {
        assertThat(decision).isInstanceOf(Decision.Answer.class);
        return ((Decision.Answer) decision).reply().error();
    }
}
