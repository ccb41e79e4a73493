// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static io.kaon.server.handler.SettingsFixture.EARLIEST;
import static io.kaon.server.handler.SettingsFixture.LATEST;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.DeleteRecordsResponse.DeleteRecordsPartitionResult;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** DeleteRecords, seen by its client, by other clients, and in the lives after it. */
class DeleteRecordsTest {
    private static final int RECORDS = 10;

    @TempDir
    Path data;

    @TempDir
    Path copy;

    private SettingsFixture topic;

    @BeforeEach
    void start() {
        topic = new SettingsFixture(data);
        topic.produce(RECORDS, 10);
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    @ParameterizedTest
    @CsvSource({"4, 4", "0, 0", "10, 10", "-1, 10"})
    void shouldMoveTheEarliestOffset(long asked, long low) {
        // When
        DeleteRecordsPartitionResult result = topic.deleteRecords(asked);

        // Then
        assertThat(result.errorCode()).isZero();
        assertThat(result.lowWatermark()).isEqualTo(low);
        assertThat(topic.offset(EARLIEST)).isEqualTo(low);
        assertThat(topic.offset(LATEST)).isEqualTo(RECORDS);
        assertThat(topic.fetch(low).errorCode()).isZero();
        assertThat(topic.fetch(low).logStartOffset()).isEqualTo(low);
        if (low > 0) {
            assertThat(ErrorCode.of(topic.fetch(low - 1).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"11", "-2", "9223372036854775807"})
    void shouldRefuseOffsetsThatAreNotThere(long asked) {
        // When
        DeleteRecordsPartitionResult result = topic.deleteRecords(asked);

        // Then
        assertThat(ErrorCode.of(result.errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(result.lowWatermark()).isEqualTo(-1);
        assertThat(topic.offset(EARLIEST)).isZero();
    }

    @Test
    void shouldNeverMoveBack() {
        // Given
        topic.deleteRecords(6);

        // When
        DeleteRecordsPartitionResult result = topic.deleteRecords(2);

        // Then
        assertThat(result.errorCode()).isZero();
        assertThat(result.lowWatermark()).isEqualTo(6);
        assertThat(topic.offset(EARLIEST)).isEqualTo(6);
    }

    @ParameterizedTest
    @CsvSource({"compact, POLICY_VIOLATION", "'compact,delete', NONE", "delete, NONE"})
    void shouldAskForTheCleanupPolicyDelete(String policy, ErrorCode expected) {
        // Given
        topic.alter("cleanup.policy", policy);

        // When, Then
        assertThat(ErrorCode.of(topic.deleteRecords(3).errorCode())).isEqualTo(expected);
        assertThat(topic.offset(EARLIEST)).isEqualTo(expected == ErrorCode.NONE ? 3 : 0);
    }

    @Test
    void shouldDropSegmentsThatLieBelow() {
        // Given
        topic.alter("segment.bytes", "1048576");
        topic.produce(4, 600 << 10);

        // When
        topic.deleteRecords(RECORDS + 2);

        // Then
        assertThat(topic.files(".log")).first().isEqualTo("00000000000000000012.log");
        assertThat(topic.offset(EARLIEST)).isEqualTo(RECORDS + 2);
        assertThat(ErrorCode.of(topic.fetch(RECORDS + 1).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
    }

    @Test
    void shouldStartThereAfterACleanEnd() {
        // Given
        topic.deleteRecords(7);

        // When
        topic = topic.restart();

        // Then
        assertThat(topic.offset(EARLIEST)).isEqualTo(7);
        assertThat(topic.offset(LATEST)).isEqualTo(RECORDS);
        assertThat(ErrorCode.of(topic.fetch(6).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        assertThat(topic.batches(7)).hasSize(3);
    }

    @Test
    void shouldStartThereAfterAKill() {
        // Given
        topic.deleteRecords(7);

        // When
        try (SettingsFixture next = topic.killed(copy)) {
            // Then
            assertThat(next.offset(EARLIEST)).isEqualTo(7);
            assertThat(next.offset(LATEST)).isEqualTo(RECORDS);
            assertThat(ErrorCode.of(next.fetch(0).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        }
    }

    @Test
    void shouldGoOnFromTheEndWhenEverythingWasDeletedBeforeAKill() {
        // Given
        topic.deleteRecords(-1);

        // When
        try (SettingsFixture next = topic.killed(copy)) {
            next.produce(1, 10);

            // Then
            assertThat(next.offset(EARLIEST)).isEqualTo(RECORDS);
            assertThat(next.offset(LATEST)).isEqualTo(RECORDS + 1);
            assertThat(next.batches(RECORDS)).hasSize(1);
        }
    }
}
