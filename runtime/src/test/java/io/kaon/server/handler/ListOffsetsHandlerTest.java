// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DeleteRecordsRequest;
import io.kaon.wire.message.DeleteRecordsResponse;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsPartition;
import io.kaon.wire.message.ListOffsetsRequest.ListOffsetsTopic;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ListOffsetsResponse.ListOffsetsPartitionResponse;
import io.kaon.wire.message.OffsetForLeaderEpochRequest;
import io.kaon.wire.message.OffsetForLeaderEpochResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * ListOffsets on a log with three records at t, t+10 and t+5, and its neighbours DeleteRecords and
 * OffsetForLeaderEpoch.
 */
class ListOffsetsHandlerTest {
    private static final long T = TestBroker.START_MS;
    private static final int LATEST = 11;

    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 1);
        for (long at : new long[] {T, T + 10, T + 5}) {
            broker.call(ApiKey.PRODUCE, 13, Batches.produce(-1, "", broker.idOf("orders"), Batches.batchAt(at, "v")));
        }
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @ParameterizedTest
    @CsvSource({"-1, 3, -1", "-2, 0, -1", "-3, 1, 10", "-4, 0, -1", "-5, -1, -1", "-6, -1, -1"})
    void shouldAnswerTheSpecialTimestamps(long asked, long offset, long millisAfterStart) {
        // When
        ListOffsetsPartitionResponse found = find(LATEST, asked);

        // Then
        assertThat(found.errorCode()).isZero();
        assertThat(found.offset()).isEqualTo(offset);
        assertThat(found.timestamp()).isEqualTo(millisAfterStart < 0 ? -1 : T + millisAfterStart);
        assertThat(found.leaderEpoch()).isEqualTo(offset < 0 ? -1 : leaderEpoch());
    }

    @ParameterizedTest
    @CsvSource({"-100, 0, 0", "0, 0, 0", "1, 1, 10", "6, 1, 10", "10, 1, 10", "11, -1, -1"})
    void shouldFindTheFirstRecordThatIsNotOlder(long after, long offset, long millisAfterStart) {
        // When
        ListOffsetsPartitionResponse found = find(1, T + after);

        // Then
        assertThat(found.offset()).isEqualTo(offset);
        assertThat(found.timestamp()).isEqualTo(millisAfterStart < 0 ? -1 : T + millisAfterStart);
    }

    @ParameterizedTest
    @CsvSource({"-3, 6", "-4, 7", "-5, 8", "-6, 10", "-7, 11", "-99, 11"})
    void shouldRefuseSpecialTimestampsThatTheVersionDoesNotKnow(long asked, int version) {
        assertThat(find(version, asked).errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
    }

    @ParameterizedTest
    @CsvSource({"-1, 1, 3", "-2, 1, 0", "-1, 5, '3,0'", "-1, 0, ''"})
    void shouldAnswerVersionZeroWithAList(long asked, int max, String offsets) {
        // Given
        ListOffsetsRequest request = request(asked);
        request.topics().get(0).partitions().get(0).setMaxNumOffsets(max);

        // When
        ListOffsetsResponse response = broker.call(ApiKey.LIST_OFFSETS, 0, request);

        // Then
        assertThat(only(response).oldStyleOffsets())
                .extracting(String::valueOf)
                .containsExactly(offsets.isEmpty() ? new String[0] : offsets.split(","));
    }

    @Test
    void shouldRefuseAPartitionThatIsAskedForTwice() {
        // Given
        ListOffsetsRequest request = request(-1);
        request.topics().get(0).partitions().add(new ListOffsetsPartition().setTimestamp(-2));

        // When
        ListOffsetsResponse response = broker.call(ApiKey.LIST_OFFSETS, LATEST, request);

        // Then
        assertThat(response.topics().get(0).partitions())
                .extracting(ListOffsetsPartitionResponse::errorCode)
                .containsOnly(ErrorCode.INVALID_REQUEST.code());
    }

    @ParameterizedTest
    @CsvSource({"99, UNKNOWN_LEADER_EPOCH"})
    void shouldFenceByLeaderEpoch(int epoch, ErrorCode error) {
        // Given
        ListOffsetsRequest request = request(-1);
        request.topics().get(0).partitions().get(0).setCurrentLeaderEpoch(epoch);

        // When
        ListOffsetsResponse response = broker.call(ApiKey.LIST_OFFSETS, LATEST, request);

        // Then
        assertThat(only(response).errorCode()).isEqualTo(error.code());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, -1})
    void shouldRefuseUnknownPartitions(int index) {
        // Given
        ListOffsetsRequest request = request(-1);
        request.topics().get(0).partitions().get(0).setPartitionIndex(index);

        // When
        ListOffsetsResponse response = broker.call(ApiKey.LIST_OFFSETS, LATEST, request);

        // Then
        assertThat(only(response).errorCode()).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code());
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 2", "-1, 0, 3", "4, 1, -1", "-2, 1, -1"})
    void shouldMoveTheLogStartOffset(long offset, short error, long lowWatermark) {
        // Given
        DeleteRecordsRequest.DeleteRecordsTopic topic = new DeleteRecordsRequest.DeleteRecordsTopic().setName("orders");
        topic.partitions().add(new DeleteRecordsRequest.DeleteRecordsPartition().setOffset(offset));
        DeleteRecordsRequest request = new DeleteRecordsRequest();
        request.topics().add(topic);

        // When
        DeleteRecordsResponse response = broker.call(ApiKey.DELETE_RECORDS, 2, request);

        // Then
        DeleteRecordsResponse.DeleteRecordsPartitionResult result =
                response.topics().get(0).partitions().get(0);
        assertThat(result.errorCode()).isEqualTo(error);
        assertThat(result.lowWatermark()).isEqualTo(lowWatermark);
        assertThat(find(LATEST, -2).offset()).isEqualTo(Math.max(0, lowWatermark));
    }

    @Test
    void shouldTellWhereALeaderEpochEnds() {
        // Given
        OffsetForLeaderEpochRequest.OffsetForLeaderTopic topic =
                new OffsetForLeaderEpochRequest.OffsetForLeaderTopic().setTopic("orders");
        topic.partitions()
                .add(new OffsetForLeaderEpochRequest.OffsetForLeaderPartition().setLeaderEpoch(leaderEpoch()));
        topic.partitions()
                .add(new OffsetForLeaderEpochRequest.OffsetForLeaderPartition().setLeaderEpoch(leaderEpoch() + 9));
        OffsetForLeaderEpochRequest request = new OffsetForLeaderEpochRequest();
        request.topics().add(topic);

        // When
        OffsetForLeaderEpochResponse response = broker.call(ApiKey.OFFSET_FOR_LEADER_EPOCH, 4, request);

        // Then
        assertThat(response.topics().get(0).partitions())
                .extracting(OffsetForLeaderEpochResponse.EpochEndOffset::endOffset)
                .containsExactly(3L, -1L);
    }

    private int leaderEpoch() {
        return broker.images
                .current()
                .topic("orders")
                .orElseThrow()
                .partitions()
                .get(0)
                .leaderEpoch();
    }

    private ListOffsetsPartitionResponse find(int version, long timestamp) {
        return only(broker.call(ApiKey.LIST_OFFSETS, version, request(timestamp)));
    }

    private static ListOffsetsPartitionResponse only(ListOffsetsResponse response) {
        return response.topics().get(0).partitions().get(0);
    }

    private static ListOffsetsRequest request(long timestamp) {
        ListOffsetsTopic topic = new ListOffsetsTopic().setName("orders");
        topic.partitions().add(new ListOffsetsPartition().setTimestamp(timestamp));
        ListOffsetsRequest request = new ListOffsetsRequest();
        request.topics().add(topic);
        return request;
    }
}
