// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.quarkus.connector.client.ApiCaller;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.Deadline;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.InitProducerIdRequest;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.protocol.Errors;

/** What a transactional producer asks of the coordinators; waits, and asks again while the error passes. */
final class TransactionCalls {
    private static final byte TRANSACTION_KEY = 1;
    private static final long RETRY_MS = 5;
    private static final String TRANSACTION_VERSION = "transaction.version";
    private static final int IMPLICIT_ADDS = 2;

    private final ApiCaller broker;
    private final int transactionTimeoutMs;

    /** @param transactionTimeoutMs after which the broker aborts a transaction that is not ended */
    TransactionCalls(ApiCaller broker, int transactionTimeoutMs) {
        this.broker = broker;
        this.transactionTimeoutMs = transactionTimeoutMs;
    }

    /**
     * The producer id behind a transactional id, with a new epoch.
     *
     * @throws UnsupportedVersionException when the cluster's transaction.version was set back
     */
    ProducerIdAndEpoch initProducerId(String transactionalId, Deadline deadline) {
        requireImplicitAdds(deadline);
        FindCoordinatorResponse found = retrying(
                FindCoordinatorResponse.class,
                new FindCoordinatorRequest()
                        .setKeyType(TRANSACTION_KEY)
                        .setCoordinatorKeys(new ArrayList<>(List.of(transactionalId))),
                response -> coordination(response.coordinators().get(0).errorCode()),
                deadline);
        check(found.coordinators().get(0).errorCode());
        InitProducerIdResponse answer = retrying(
                InitProducerIdResponse.class,
                new InitProducerIdRequest()
                        .setTransactionalId(transactionalId)
                        .setTransactionTimeoutMs(transactionTimeoutMs),
                response -> coordination(response.errorCode()),
                deadline);
        check(answer.errorCode());
        return new ProducerIdAndEpoch(answer.producerId(), answer.producerEpoch());
    }

    private void requireImplicitAdds(Deadline deadline) {
        ApiVersionsRequest request =
                new ApiVersionsRequest().setClientSoftwareName("kaon").setClientSoftwareVersion("embedded");
        ApiVersionsResponse answer =
                BrokerCalls.await(broker.call(ApiVersionsResponse.class, request), deadline, "ApiVersions");
        boolean isThere = answer.finalizedFeatures().stream()
                .anyMatch(feature ->
                        TRANSACTION_VERSION.equals(feature.name()) && feature.maxVersionLevel() >= IMPLICIT_ADDS);
        if (!isThere) {
            throw new UnsupportedVersionException("A transactional channel without a socket needs the feature "
                    + TRANSACTION_VERSION + " at " + IMPLICIT_ADDS + " or more; set the channel's bootstrap.servers"
                    + " to the broker's address to use Kafka's own client");
        }
    }

    /** Commits offsets in a transaction; the first error that one of the partitions has. */
    Errors commitOffsets(
            String transactionalId,
            ProducerIdAndEpoch id,
            ConsumerGroupMetadata group,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            Deadline deadline) {
        TxnOffsetCommitRequest request = new TxnOffsetCommitRequest()
                .setTransactionalId(transactionalId)
                .setGroupId(group.groupId())
                .setProducerId(id.producerId())
                .setProducerEpoch(id.epoch())
                .setGenerationIdOrMemberEpoch(group.generationId())
                .setMemberId(group.memberId())
                .setGroupInstanceId(group.groupInstanceId().orElse(null))
                .setTopics(topics(offsets));
        return firstError(retrying(
                TxnOffsetCommitResponse.class,
                request,
                response -> TransactionFailure.ofOffsets(firstError(response)),
                deadline));
    }

    private static List<TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic> topics(
            Map<TopicPartition, OffsetAndMetadata> offsets) {
        Map<String, TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic> topics = new HashMap<>();
        offsets.forEach((partition, offset) -> topics.computeIfAbsent(
                        partition.topic(), name -> new TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic()
                                .setName(name)
                                .setPartitions(new ArrayList<>()))
                .partitions()
                .add(new TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition()
                        .setPartitionIndex(partition.partition())
                        .setCommittedOffset(offset.offset())
                        .setCommittedLeaderEpoch(offset.leaderEpoch().orElse(-1))
                        .setCommittedMetadata(offset.metadata())));
        return new ArrayList<>(topics.values());
    }

    private static Errors firstError(TxnOffsetCommitResponse response) {
        return response.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .map(partition -> Errors.forCode(partition.errorCode()))
                .filter(error -> error != Errors.NONE)
                .findFirst()
                .orElse(Errors.NONE);
    }

    /**
     * Asks until the answer is none that passes.
     *
     * @param failure what an answer means; that without an error may mean anything but
     *     {@link TransactionFailure#RETRIABLE}
     * @throws TimeoutException when the deadline has passed
     */
    <T extends ApiMessage> T retrying(
            Class<T> type, ApiMessage request, Function<T, TransactionFailure> failure, Deadline deadline) {
        while (true) {
            T answer = BrokerCalls.await(broker.call(type, request), deadline, type.getSimpleName());
            if (failure.apply(answer) != TransactionFailure.RETRIABLE) {
                return answer;
            }
            if (deadline.hasPassed()) {
                throw new TimeoutException("The coordinator in this application was not ready in time");
            }
            pause();
        }
    }

    private static TransactionFailure coordination(short code) {
        return TransactionFailure.ofCoordination(Errors.forCode(code));
    }

    private static void check(short code) {
        Errors error = Errors.forCode(code);
        if (error != Errors.NONE) {
            throw TransactionFailure.exceptionOf(error);
        }
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(RETRY_MS);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
