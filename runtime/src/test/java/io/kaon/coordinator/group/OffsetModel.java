// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import java.util.Set;
import java.util.TreeSet;

/** What may be seen of one partition's offsets, each of which is greater than those before it. */
final class OffsetModel {
    /** What may be seen: sent plainly, or in a transaction whose commit has been asked for. */
    private final Set<Long> visible = new TreeSet<>();

    private long last;
    private long greatestSeen = -1;
    private long greatestAcknowledged = -1;
    private int committedTransactions;
    private int unstableAnswers;

    long next() {
        return ++last;
    }

    void onPlainSent(long offset) {
        visible.add(offset);
    }

    /** The coordinator of the transaction has decided: from now on its offsets may be seen, and all of them. */
    void onCommitting(Set<Long> offsets) {
        visible.addAll(offsets);
    }

    void onTransactionCommitted(Set<Long> offsets) {
        committedTransactions++;
        offsets.forEach(this::onAcknowledged);
    }

    /** The client has been told that this counts. */
    void onAcknowledged(long offset) {
        greatestAcknowledged = Math.max(greatestAcknowledged, offset);
    }

    /** −1 for nothing, or no coordinator. */
    void onSeen(long offset) {
        if (offset < 0) {
            assertThat(greatestSeen).as("nothing is seen any more").isEqualTo(-1);
            return;
        }
        assertThat(visible).as("neither plain nor committed").contains(offset);
        assertThat(offset).as("went back").isGreaterThanOrEqualTo(greatestSeen);
        assertThat(offset).as("lost").isGreaterThanOrEqualTo(greatestAcknowledged);
        greatestSeen = offset;
    }

    /** @param expected what had been acknowledged when the question was asked */
    void onStableAnswer(long expected, OffsetFetchResponsePartitions answer) {
        if (answer.errorCode() == ErrorCode.UNSTABLE_OFFSET_COMMIT.code()) {
            unstableAnswers++;
            return;
        }
        assertThat(answer.errorCode()).isZero();
        assertThat(answer.committedOffset()).as("stable but lost").isGreaterThanOrEqualTo(expected);
        assertThat(answer.committedOffset() == -1 || visible.contains(answer.committedOffset()))
                .as("stable but neither plain nor committed")
                .isTrue();
    }

    long greatestAcknowledged() {
        return greatestAcknowledged;
    }

    int committedTransactions() {
        return committedTransactions;
    }

    int unstableAnswers() {
        return unstableAnswers;
    }
}
