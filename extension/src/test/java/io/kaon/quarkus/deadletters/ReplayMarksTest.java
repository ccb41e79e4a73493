// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.junit.jupiter.api.Test;

class ReplayMarksTest {
    @Test
    void shouldBeginAtStartOfLog() {
        // When
        ReplayMarks marks = ReplayMarks.of(null, 7);

        // Then
        assertThat(marks.contains(6)).isTrue();
        assertThat(marks.contains(7)).isFalse();
        assertThat(marks.unmarkedBefore(10)).isEqualTo(3);
    }

    @Test
    void shouldKeepRangesAboveTheFirstThatIsNotMarked() {
        // Given
        ReplayMarks marks = ReplayMarks.of(null, 0);

        // When
        marks.add(5);
        marks.add(7);
        marks.add(6);
        marks.add(9);

        // Then
        assertThat(marks.toCommit()).isEqualTo(new OffsetAndMetadata(0, "5-7,9-9"));
        assertThat(marks.unmarkedBefore(10)).isEqualTo(6);
    }

    @Test
    void shouldMoveOnWhenGapIsClosed() {
        // Given
        ReplayMarks marks = ReplayMarks.of(new OffsetAndMetadata(3, "5-7,9-9"), 0);

        // When
        marks.add(4);
        marks.add(3);

        // Then
        assertThat(marks.toCommit()).isEqualTo(new OffsetAndMetadata(8, "9-9"));
    }

    @Test
    void shouldForgetWhatTheLogNoLongerHas() {
        // When
        ReplayMarks marks = ReplayMarks.of(new OffsetAndMetadata(3, "5-7,12-13"), 10);

        // Then
        assertThat(marks.toCommit()).isEqualTo(new OffsetAndMetadata(10, "12-13"));
    }

    @Test
    void shouldKeepMetadataShort() {
        // Given
        ReplayMarks marks = ReplayMarks.of(null, 0);

        // When
        for (long offset = 1; offset < 10_000; offset += 2) {
            marks.add(offset);
        }

        // Then
        OffsetAndMetadata kept = marks.toCommit();
        assertThat(kept.metadata().length()).isLessThanOrEqualTo(4_000);
        assertThat(ReplayMarks.of(kept, 0).contains(1)).isTrue();
        assertThat(ReplayMarks.of(kept, 0).contains(2)).isFalse();
    }

    @Test
    void shouldAgreeWithPlainSet() {
        // Given
        Random random = new Random(42);
        BitSet expected = new BitSet();
        ReplayMarks marks = ReplayMarks.of(null, 0);

        // When
        for (int i = 0; i < 150; i++) {
            int offset = random.nextInt(200);
            expected.set(offset);
            marks.add(offset);
            marks = ReplayMarks.of(marks.toCommit(), 0);
        }

        // Then
        for (int offset = 0; offset < 200; offset++) {
            assertThat(marks.contains(offset)).as("offset %d", offset).isEqualTo(expected.get(offset));
        }
        assertThat(marks.unmarkedBefore(200)).isEqualTo(200 - expected.cardinality());
    }
}
