// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.server.Reply;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.AddOffsetsToTxnRequest;
import io.kaon.wire.message.AddOffsetsToTxnResponse;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A transactional producer that sends what the test says, in the versions of transaction.version 1 or 2. */
final class Transacting {
    static final int TIMEOUT_MS = 60_000;

    private final TestBroker broker;
    private final String transactionalId;
    private final Versions versions;
    long producerId = -1;
    short epoch = -1;

    /** Which versions a client uses. */
    record Versions(int produce, int endTxn, int offsetCommit) {
        /** Kafka 3.9: the client adds partitions, which are looked for when it writes. */
        static final Versions ONE = new Versions(11, 4, 4);
        /** Kafka 2.8: the same with older errors. */
        static final Versions OLD = new Versions(9, 3, 3);
        /** Kafka 4: partitions add themselves, each transaction has its own epoch. */
        static final Versions TWO = new Versions(12, 5, 5);

        boolean addThemselves() {
            return produce >= 12;
        }
    }

    Transacting(TestBroker broker, String transactionalId, Versions versions) {
        this.broker = broker;
        this.transactionalId = transactionalId;
        this.versions = versions;
    }

    /** Finds the coordinator and takes over the transactional id. */
    Transacting begin() {
        broker.call(
                ApiKey.FIND_COORDINATOR,
                3,
                new FindCoordinatorRequest().setKey(transactionalId).setKeyType((byte) 1));
        InitProducerIdResponse response = init(TIMEOUT_MS);
        if (response.errorCode() != ErrorCode.NONE.code()) {
            throw new AssertionError("no producer id: " + ErrorCode.of(response.errorCode()));
        }
        producerId = response.producerId();
        epoch = response.producerEpoch();
        return this;
    }

    InitProducerIdResponse init(int timeoutMs) {
        return broker.call(
                ApiKey.INIT_PRODUCER_ID,
                5,
                new InitProducerIdRequest().setTransactionalId(transactionalId).setTransactionTimeoutMs(timeoutMs));
    }

    ErrorCode add(String topic, int partition) {
        AddPartitionsToTxnResponse response = broker.call(
                ApiKey.ADD_PARTITIONS_TO_TXN,
                3,
                new AddPartitionsToTxnRequest()
                        .setV3AndBelowTransactionalId(transactionalId)
                        .setV3AndBelowProducerId(producerId)
                        .setV3AndBelowProducerEpoch(epoch)
                        .setV3AndBelowTopics(List.of(
                                new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(partition)))));
        return ErrorCode.of(response.resultsByTopicV3AndBelow()
                .get(0)
                .resultsByPartition()
                .get(0)
                .partitionErrorCode());
    }

    /** Adds the partition if this client has to, and writes. */
    ErrorCode write(String topic, int sequence, String... values) {
        if (!versions.addThemselves()) {
            add(topic, 0);
        }
        return produce(topic, sequence, values);
    }

    ErrorCode produce(String topic, int sequence, String... values) {
        return errorOf(TestBroker.<ProduceResponse>answer(start(topic, sequence, values)));
    }

    CompletionStage<Reply> start(String topic, int sequence, String... values) {
        return broker.start(
                ApiKey.PRODUCE,
                versions.produce(),
                Batches.produce(-1, topic, broker.idOf(topic), batch(sequence, values))
                        .setTransactionalId(transactionalId));
    }

    static ErrorCode errorOf(ProduceResponse response) {
        return ErrorCode.of(
                response.responses().get(0).partitionResponses().get(0).errorCode());
    }

    ByteBuffer batch(int sequence, String... values) {
        RecordBatchBuilder batch = RecordBatchBuilder.uncompressed()
                .producer(producerId, epoch, sequence)
                .transactional();
        for (String value : values) {
            batch.append(TestBroker.START_MS, null, value.getBytes(StandardCharsets.UTF_8));
        }
        return batch.build();
    }

    /** A Produce of one batch for each of the first partitions. */
    ProduceRequest request(String topic, int partitions) {
        ProduceRequest request = Batches.produce(-1, topic, broker.idOf(topic), batch(0, "a"));
        for (int index = 1; index < partitions; index++) {
            request.topicData()
                    .get(0)
                    .partitionData()
                    .add(new ProduceRequest.PartitionProduceData()
                            .setIndex(index)
                            .setRecords(new BufferRecords(batch(0, "a"))));
        }
        return request.setTransactionalId(transactionalId);
    }

    ErrorCode addOffsets(String group) {
        AddOffsetsToTxnResponse response = broker.call(
                ApiKey.ADD_OFFSETS_TO_TXN,
                3,
                new AddOffsetsToTxnRequest()
                        .setTransactionalId(transactionalId)
                        .setProducerId(producerId)
                        .setProducerEpoch(epoch)
                        .setGroupId(group));
        return ErrorCode.of(response.errorCode());
    }

    TxnOffsetCommitResponse commitOffset(String group, String topic, int partition, long offset) {
        TxnOffsetCommitRequestTopic of = new TxnOffsetCommitRequestTopic().setName(topic);
        of.partitions()
                .add(new TxnOffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(offset));
        return broker.call(
                ApiKey.TXN_OFFSET_COMMIT,
                versions.offsetCommit(),
                new TxnOffsetCommitRequest()
                        .setTransactionalId(transactionalId)
                        .setGroupId(group)
                        .setProducerId(producerId)
                        .setProducerEpoch(epoch)
                        .setTopics(new ArrayList<>(List.of(of))));
    }

    static ErrorCode errorOf(TxnOffsetCommitResponse response) {
        return ErrorCode.of(response.topics().get(0).partitions().get(0).errorCode());
    }

    ErrorCode commit() {
        return end(true);
    }

    ErrorCode abort() {
        return end(false);
    }

    private ErrorCode end(boolean committed) {
        EndTxnResponse response = broker.call(ApiKey.END_TXN, versions.endTxn(), endRequest(committed));
        if (response.errorCode() == ErrorCode.NONE.code() && versions.addThemselves()) {
            producerId = response.producerId();
            epoch = response.producerEpoch();
        }
        return ErrorCode.of(response.errorCode());
    }

    EndTxnRequest endRequest(boolean committed) {
        return new EndTxnRequest()
                .setTransactionalId(transactionalId)
                .setProducerId(producerId)
                .setProducerEpoch(epoch)
                .setCommitted(committed);
    }
}
