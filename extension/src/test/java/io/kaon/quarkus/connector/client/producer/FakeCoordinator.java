// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.ApiCaller;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.EndTxnRequest;
import io.kaon.wire.message.EndTxnResponse;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.InitProducerIdResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.protocol.Errors;

/** Answers what a transactional producer asks, at once, with the errors that it was told to answer with first. */
final class FakeCoordinator implements ApiCaller {
    static final long PRODUCER_ID = 4_000;
    static final short FIRST_EPOCH = 3;

    final List<ApiMessage> requests = new CopyOnWriteArrayList<>();
    private final Map<ApiKey, Deque<Errors>> errors = new EnumMap<>(ApiKey.class);
    private short transactionVersion = 2;
    private short epoch = FIRST_EPOCH;

    /** The next answers of an api have these errors, in this order. */
    void failNext(ApiKey api, Errors... next) {
        errors.computeIfAbsent(api, any -> new ArrayDeque<>()).addAll(List.of(next));
    }

    void finalizeTransactionVersion(int level) {
        transactionVersion = (short) level;
    }

    <T extends ApiMessage> List<T> requests(Class<T> type) {
        return requests.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public <T extends ApiMessage> CompletableFuture<T> call(Class<T> answer, ApiMessage request) {
        requests.add(request);
        ApiKey api = ApiKey.of(request.apiKey()).orElseThrow();
        Deque<Errors> waiting = errors.getOrDefault(api, new ArrayDeque<>());
        Errors error = waiting.isEmpty() ? Errors.NONE : waiting.remove();
        return CompletableFuture.completedFuture(answer.cast(answerTo(api, request, error.code())));
    }

    private ApiMessage answerTo(ApiKey api, ApiMessage request, short error) {
        return switch (api) {
            case API_VERSIONS ->
                new ApiVersionsResponse()
                        .setFinalizedFeatures(List.of(new ApiVersionsResponse.FinalizedFeatureKey()
                                .setName("transaction.version")
                                .setMaxVersionLevel(transactionVersion)));
            case FIND_COORDINATOR ->
                new FindCoordinatorResponse()
                        .setCoordinators(List.of(new FindCoordinatorResponse.Coordinator().setErrorCode(error)));
            case INIT_PRODUCER_ID ->
                new InitProducerIdResponse()
                        .setErrorCode(error)
                        .setProducerId(PRODUCER_ID)
                        .setProducerEpoch(epoch);
            case END_TXN -> end((EndTxnRequest) request, error);
            case TXN_OFFSET_COMMIT -> commit((TxnOffsetCommitRequest) request, error);
            case PRODUCE -> produce((ProduceRequest) request, error);
            default -> throw new IllegalStateException("not asked by a transactional producer: " + api);
        };
    }

    private EndTxnResponse end(EndTxnRequest request, short error) {
        if (error == Errors.NONE.code()) {
            epoch = (short) (request.producerEpoch() + 1);
        }
        return new EndTxnResponse()
                .setErrorCode(error)
                .setProducerId(PRODUCER_ID)
                .setProducerEpoch(epoch);
    }

    private static TxnOffsetCommitResponse commit(TxnOffsetCommitRequest request, short error) {
        return new TxnOffsetCommitResponse()
                .setTopics(request.topics().stream()
                        .map(topic -> new TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic()
                                .setName(topic.name())
                                .setPartitions(topic.partitions().stream()
                                        .map(partition -> new TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition()
                                                .setPartitionIndex(partition.partitionIndex())
                                                .setErrorCode(error))
                                        .toList()))
                        .toList());
    }

    private static ProduceResponse produce(ProduceRequest request, short error) {
        return new ProduceResponse()
                .setResponses(request.topicData().stream()
                        .map(topic -> new ProduceResponse.TopicProduceResponse()
                                .setName(topic.name())
                                .setPartitionResponses(topic.partitionData().stream()
                                        .map(partition -> new ProduceResponse.PartitionProduceResponse()
                                                .setIndex(partition.index())
                                                .setErrorCode(error))
                                        .toList()))
                        .toList());
    }
}
