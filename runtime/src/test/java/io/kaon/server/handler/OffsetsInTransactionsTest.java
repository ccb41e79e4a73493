// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Offsets that are committed with the transaction of their consumer's producer. */
class OffsetsInTransactionsTest {
    private static final int MAX_LOOKS = 100_000;

    @TempDir
    Path data;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 3);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    static Stream<Transacting.Versions> versions() {
        return Stream.of(Transacting.Versions.OLD, Transacting.Versions.ONE, Transacting.Versions.TWO);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldCommitOffsetsWithTheTransaction(Transacting.Versions versions) {
        // Given
        Transacting producer = producer("tx", versions);
        if (!versions.addThemselves()) {
            producer.addOffsets("readers");
        }
        ErrorCode first = Transacting.errorOf(producer.commitOffset("readers", "orders", 1, 17));
        long before = committedOffset("readers", 1);

        // When
        producer.commit();

        // Then
        assertThat(first).isEqualTo(ErrorCode.NONE);
        assertThat(before).isEqualTo(-1);
        assertThat(committedOffset("readers", 1)).isEqualTo(17);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void shouldDropOffsetsWithTheTransaction(Transacting.Versions versions) {
        // Given
        Transacting producer = producer("tx", versions);
        if (!versions.addThemselves()) {
            producer.addOffsets("readers");
        }
        producer.commitOffset("readers", "orders", 1, 17);

        // When
        producer.abort();

        // Then
        assertThat(committedOffset("readers", 1)).isEqualTo(-1);
    }

    @Test
    void shouldRefuseOffsetsThatNoTransactionExpects() {
        // Given
        Transacting old = producer("old", Transacting.Versions.OLD);
        Transacting newer = producer("newer", Transacting.Versions.ONE);

        // When
        ErrorCode toOld = Transacting.errorOf(old.commitOffset("readers", "orders", 1, 17));
        ErrorCode toNewer = Transacting.errorOf(newer.commitOffset("readers", "orders", 1, 17));

        // Then
        assertThat(toOld).isEqualTo(ErrorCode.INVALID_TXN_STATE);
        assertThat(toNewer).isEqualTo(ErrorCode.TRANSACTION_ABORTABLE);
    }

    @Test
    void shouldCommitOffsetsOfTopicsByTheirIdsInATransaction() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        TxnOffsetCommitRequest request = new TxnOffsetCommitRequest()
                .setTransactionalId("tx")
                .setGroupId("readers")
                .setProducerId(producer.producerId)
                .setProducerEpoch(producer.epoch);
        for (Uuid id : List.of(broker.idOf("orders"), new Uuid(1, 1))) {
            TxnOffsetCommitRequestTopic topic = new TxnOffsetCommitRequestTopic().setTopicId(id);
            topic.partitions()
                    .add(new TxnOffsetCommitRequestPartition()
                            .setPartitionIndex(0)
                            .setCommittedOffset(5));
            topic.partitions()
                    .add(new TxnOffsetCommitRequestPartition()
                            .setPartitionIndex(99)
                            .setCommittedOffset(5));
            request.topics().add(topic);
        }

        // When
        TxnOffsetCommitResponse response = broker.call(ApiKey.TXN_OFFSET_COMMIT, 6, request);
        producer.commit();

        // Then
        assertThat(response.topics()).hasSize(2);
        assertThat(response.topics().get(0).topicId()).isEqualTo(broker.idOf("orders"));
        assertThat(response.topics().get(0).partitions())
                .extracting(partition -> ErrorCode.of(partition.errorCode()))
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(response.topics().get(1).partitions())
                .extracting(partition -> ErrorCode.of(partition.errorCode()))
                .containsOnly(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(committedOffset("readers", 0)).isEqualTo(5);
    }

    @Test
    void shouldGoOnAfterARestart() {
        // Given
        Transacting producer = producer("tx", Transacting.Versions.TWO);
        producer.write("orders", 0, "a");
        producer.commitOffset("readers", "orders", 1, 17);
        broker.close();
        broker = new TestBroker(data);
        Transacting same = new Transacting(broker, "tx", Transacting.Versions.TWO);
        same.producerId = producer.producerId;
        same.epoch = producer.epoch;
        List<String> before = CommittedValues.of(broker, "orders");

        // When
        ErrorCode write = same.produce("orders", 1, "b");
        ErrorCode commit = same.commit();

        // Then
        assertThat(before).isEmpty();
        assertThat(write).isEqualTo(ErrorCode.NONE);
        assertThat(commit).isEqualTo(ErrorCode.NONE);
        await(() -> CommittedValues.of(broker, "orders").equals(List.of("a", "b")));
        await(() -> committedOffset("readers", 1) == 17);
    }

    /** A shard that was loaded goes on where it was read, on a disk thread. */
    private static void await(BooleanSupplier condition) {
        for (int attempt = 0; attempt < MAX_LOOKS; attempt++) {
            if (condition.getAsBoolean()) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("it does not come");
    }

    private Transacting producer(String transactionalId, Transacting.Versions versions) {
        return new Transacting(broker, transactionalId, versions).begin();
    }

    private long committedOffset(String group, int partition) {
        OffsetFetchRequest.OffsetFetchRequestGroup asked =
                new OffsetFetchRequest.OffsetFetchRequestGroup().setGroupId(group);
        asked.setTopics(new ArrayList<>(List.of(new OffsetFetchRequest.OffsetFetchRequestTopics()
                .setName("orders")
                .setPartitionIndexes(new ArrayList<>(List.of(partition))))));
        OffsetFetchRequest request = new OffsetFetchRequest();
        request.groups().add(asked);
        OffsetFetchResponse response = broker.call(ApiKey.OFFSET_FETCH, 8, request);
        return response.groups().get(0).topics().get(0).partitions().get(0).committedOffset();
    }
}
