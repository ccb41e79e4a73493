// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.TopicPartition;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.replication.Acks;
import io.kaon.replication.PartitionLookup;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.AbortedTransaction;
import io.kaon.wire.message.FetchResponse.PartitionData;
import io.kaon.wire.message.ListOffsetsRequest;
import io.kaon.wire.message.ListOffsetsResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client of {@code isolation.level=read_committed} is told. */
class CommittedReadTest {
    private static final long PRODUCER = 7;
    private static final byte READ_COMMITTED = 1;

    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 1);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    static IntStream servedVersions() {
        return IntStream.rangeClosed(4, 18);
    }

    @ParameterizedTest
    @MethodSource("servedVersions")
    void shouldListAbortedTransactionsInEveryVersion(int version) {
        // Given
        append(ofTransaction());
        append(new TransactionMarker(PRODUCER, (short) 0, ControlRecordType.ABORT, 0).toBatch(TestBroker.START_MS));

        // When
        PartitionData committed = fetch(version, READ_COMMITTED);
        PartitionData all = fetch(version, (byte) 0);

        // Then
        assertThat(committed.abortedTransactions())
                .containsExactly(
                        new AbortedTransaction().setProducerId(PRODUCER).setFirstOffset(0));
        assertThat(committed.lastStableOffset()).isEqualTo(2);
        assertThat(all.abortedTransactions()).isNull();
        committed.records().release();
        all.records().release();
    }

    @Test
    void shouldNameTheLastStableOffsetAsTheLatest() {
        // Given
        append(Batches.batch("before"));
        append(ofTransaction());

        // When / Then
        assertThat(latest(READ_COMMITTED)).isEqualTo(1);
        assertThat(latest((byte) 0)).isEqualTo(2);
    }

    private long latest(byte isolation) {
        ListOffsetsRequest request = new ListOffsetsRequest().setIsolationLevel(isolation);
        ListOffsetsRequest.ListOffsetsTopic topic = new ListOffsetsRequest.ListOffsetsTopic().setName("orders");
        topic.partitions().add(new ListOffsetsRequest.ListOffsetsPartition().setTimestamp(-1));
        request.topics().add(topic);
        ListOffsetsResponse response = broker.call(ApiKey.LIST_OFFSETS, 7, request);
        return response.topics().get(0).partitions().get(0).offset();
    }

    private PartitionData fetch(int version, byte isolation) {
        FetchRequest request = Batches.fetch("orders", broker.idOf("orders"), 0).setIsolationLevel(isolation);
        FetchResponse response = broker.call(ApiKey.FETCH, version, request);
        return response.responses().get(0).partitions().get(0);
    }

    private static ByteBuffer ofTransaction() {
        return RecordBatchBuilder.uncompressed()
                .producer(PRODUCER, (short) 0, 0)
                .transactional()
                .append(TestBroker.START_MS, null, new byte[] {1})
                .build();
    }

    private void append(ByteBuffer records) {
        PartitionLookup lookup = broker.partitions
                .open(new TopicPartition("orders", 0))
                .toCompletableFuture()
                .join();
        ((PartitionLookup.Found) lookup)
                .partition()
                .append(records, Acks.ALL, 1_000, AppendOrigin.COORDINATOR)
                .toCompletableFuture()
                .join();
    }
}
