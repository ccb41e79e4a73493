// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.storage.producer.ProducerVerdict.Duplicate;
import io.kaon.storage.producer.ProducerVerdict.Refused;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProducerStatesTest {
    private static final long ID = 42;

    private final ProducerStates producers = new ProducerStates(true);
    private long offset;

    /** After six batches of ten records in epoch 3 (sequences 0 to 59 at the same offsets), the next batch of ten. */
    @ParameterizedTest
    @CsvSource({
        "3, 60, NEXT",
        "3, 0, OUT_OF_ORDER_SEQUENCE_NUMBER",
        "3, 10, DUPLICATE 10",
        "3, 20, DUPLICATE 20",
        "3, 30, DUPLICATE 30",
        "3, 40, DUPLICATE 40",
        "3, 50, DUPLICATE 50",
        "3, 55, OUT_OF_ORDER_SEQUENCE_NUMBER",
        "3, 70, OUT_OF_ORDER_SEQUENCE_NUMBER",
        "2, 60, INVALID_PRODUCER_EPOCH",
        "2, 50, INVALID_PRODUCER_EPOCH",
        "4, 0, NEXT",
        "4, 60, OUT_OF_ORDER_SEQUENCE_NUMBER",
        "4, 50, OUT_OF_ORDER_SEQUENCE_NUMBER",
    })
    void shouldJudgeByWindowAndEpoch(short epoch, int sequence, String expected) {
        // Given
        for (int batch = 0; batch < 6; batch++) {
            write(3, batch * 10);
        }

        // When
        ProducerVerdict verdict = producers.check(batch(epoch, sequence));

        // Then
        assertThat(named(verdict)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "true, 0, NEXT",
        "true, 10, OUT_OF_ORDER_SEQUENCE_NUMBER",
        "false, 0, NEXT",
        "false, 10, NEXT",
    })
    void shouldLetAnUnknownProducerBeginAnywhereOnlyIfItMayHaveBeenForgotten(
            boolean remembersAll, int sequence, String expected) {
        // Given
        ProducerStates empty = new ProducerStates(remembersAll);

        // When
        ProducerVerdict verdict = empty.check(batch(0, sequence));

        // Then
        assertThat(named(verdict)).isEqualTo(expected);
    }

    @Test
    void shouldWrapSequencesPastTheLargestInt() {
        // Given
        producers.forgetAny();
        write(0, Integer.MAX_VALUE - 4);

        // When
        ProducerVerdict next = producers.check(batch(0, 5));
        ProducerVerdict again = producers.check(batch(0, Integer.MAX_VALUE - 4));
        ProducerVerdict gap = producers.check(batch(0, 6));

        // Then
        assertThat(named(next)).isEqualTo("NEXT");
        assertThat(named(again)).isEqualTo("DUPLICATE 0");
        assertThat(named(gap)).isEqualTo("OUT_OF_ORDER_SEQUENCE_NUMBER");
    }

    @Test
    void shouldWrapExactlyAtTheLargestInt() {
        // Given
        producers.forgetAny();
        write(0, Integer.MAX_VALUE - 9);

        // When
        ProducerVerdict next = producers.check(batch(0, 0));

        // Then
        assertThat(named(next)).isEqualTo("NEXT");
    }

    @Test
    void shouldForgetTheWindowOfAnOlderEpoch() {
        // Given
        write(0, 0);
        write(1, 0);

        // When
        ProducerVerdict repeated = producers.check(batch(1, 0));

        // Then
        assertThat(repeated).isEqualTo(new Duplicate(10, 19, 5));
    }

    @Test
    void shouldForgetProducersThatWereSilentForTooLong() {
        // Given
        write(0, 0);

        // When
        producers.expire(1_099, 100);
        int before = producers.size();
        producers.expire(1_100, 100);

        // Then
        assertThat(before).isEqualTo(1);
        assertThat(producers.size()).isZero();
        assertThat(named(producers.check(batch(0, 70)))).isEqualTo("NEXT");
    }

    @Test
    void shouldKnowTheLastBatchAfterASnapshotAndTheWholeWindowWithTheTail() {
        // Given
        for (int batch = 0; batch < 3; batch++) {
            write(0, batch * 10);
        }
        List<ProducerEntry> entries = producers.entries();
        ProducerStates alone = new ProducerStates(true);
        ProducerStates withTail = new ProducerStates(true);

        // When
        alone.load(entries, new ProducerStates(true));
        withTail.load(entries, producers);

        // Then
        assertThat(named(alone.check(batch(0, 20)))).isEqualTo("DUPLICATE 20");
        assertThat(named(alone.check(batch(0, 10)))).isEqualTo("OUT_OF_ORDER_SEQUENCE_NUMBER");
        assertThat(named(withTail.check(batch(0, 10)))).isEqualTo("DUPLICATE 10");
        assertThat(withTail.entries()).isEqualTo(entries);
    }

    private void write(int epoch, int sequence) {
        producers.add(batch(epoch, sequence), offset + 9, 1_000);
        offset += 10;
    }

    private static ProducerBatch batch(int epoch, int sequence) {
        return new ProducerBatch(ID, (short) epoch, sequence, 9, 5, false);
    }

    private static String named(ProducerVerdict verdict) {
        if (verdict instanceof Duplicate duplicate) {
            return "DUPLICATE " + duplicate.baseOffset();
        }
        return verdict instanceof Refused refused
                ? ErrorCode.of(refused.code().code()).name()
                : "NEXT";
    }
}
