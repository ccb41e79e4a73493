// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.coordinator.transaction.TransactionRequest;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.InternalTopics;
import io.kaon.metadata.MetadataImages;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.AddPartitionsToTxnRequest;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTopic;
import io.kaon.wire.message.AddPartitionsToTxnRequest.AddPartitionsToTxnTransaction;
import io.kaon.wire.message.AddPartitionsToTxnResponse;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnPartitionResult;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnResult;
import io.kaon.wire.message.AddPartitionsToTxnResponse.AddPartitionsToTxnTopicResult;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Takes partitions into transactions. One that the client may not write to, or that does not exist, keeps all others
 * out: they are told that nothing was attempted.
 *
 * <pre>
 *  version   who       shape
 *  0–3       clients   one transaction: WRITE on its id and on each topic
 *  4–5       brokers   several transactions, to add or to look: CLUSTER_ACTION
 * </pre>
 */
public final class AddPartitionsToTxnHandler implements ApiHandler<AddPartitionsToTxnRequest> {
    private static final int FIRST_VERSION_OF_BROKERS = 4;

    private final TransactionCoordinator coordinator;
    private final MetadataImages images;
    private final Authoriser authoriser;

    public AddPartitionsToTxnHandler(TransactionCoordinator coordinator, MetadataImages images, Authoriser authoriser) {
        this.coordinator = coordinator;
        this.images = images;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, AddPartitionsToTxnRequest request) {
        return context.version() < FIRST_VERSION_OF_BROKERS ? ofClient(context, request) : ofBroker(context, request);
    }

    private CompletionStage<Reply> ofClient(RequestContext context, AddPartitionsToTxnRequest request) {
        Resource id = Resource.transactionalId(request.v3AndBelowTransactionalId());
        if (!authoriser.authorise(context.principal(), Operation.WRITE, id)) {
            return Reply.now(
                    ErrorResponses.of(request, context.version(), ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED));
        }
        Refusals refusals = refusals(
                request.v3AndBelowTopics(), topic -> !InternalTopics.isInternal(topic) && mayWrite(context, topic));
        return refusals.isNone()
                ? Reply.later(coordinator.addPartitions(from(context), request))
                : Reply.now(new AddPartitionsToTxnResponse()
                        .setResultsByTopicV3AndBelow(refusals.results(request.v3AndBelowTopics())));
    }

    private boolean mayWrite(RequestContext context, String topic) {
        return authoriser.authorise(context.principal(), Operation.WRITE, Resource.topic(topic));
    }

    private CompletionStage<Reply> ofBroker(RequestContext context, AddPartitionsToTxnRequest request) {
        if (!authoriser.authorise(context.principal(), Operation.CLUSTER_ACTION, Resource.CLUSTER)) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
        }
        AddPartitionsToTxnRequest known = new AddPartitionsToTxnRequest();
        List<AddPartitionsToTxnResult> refused = new ArrayList<>(0);
        for (AddPartitionsToTxnTransaction transaction : request.transactions()) {
            Refusals refusals = refusals(transaction.topics(), topic -> true);
            if (refusals.isNone()) {
                known.transactions().add(transaction);
            } else {
                refused.add(new AddPartitionsToTxnResult()
                        .setTransactionalId(transaction.transactionalId())
                        .setTopicResults(refusals.results(transaction.topics())));
            }
        }
        return Reply.later(coordinator.addPartitions(from(context), known).thenApply(response -> {
            List<AddPartitionsToTxnResult> all = new ArrayList<>(response.resultsByTransaction());
            all.addAll(refused);
            return response.setResultsByTransaction(all);
        }));
    }

    private static TransactionRequest from(RequestContext context) {
        return new TransactionRequest(context.version());
    }

    private Refusals refusals(List<AddPartitionsToTxnTopic> topics, Predicate<String> mayWrite) {
        ClusterImage image = images.current();
        Map<TopicPartition, ErrorCode> refusals = new HashMap<>(0);
        for (AddPartitionsToTxnTopic topic : topics) {
            boolean isAllowed = mayWrite.test(topic.name());
            for (int index : topic.partitions()) {
                TopicPartition partition = new TopicPartition(topic.name(), Math.max(0, index));
                if (!isAllowed) {
                    refusals.put(partition, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
                } else if (index < 0 || image.partition(partition).isEmpty()) {
                    refusals.put(partition, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
                }
            }
        }
        return new Refusals(refusals);
    }

    /** Partitions that may not be added, each with its error. */
    private record Refusals(Map<TopicPartition, ErrorCode> errors) {
        boolean isNone() {
            return errors.isEmpty();
        }

        List<AddPartitionsToTxnTopicResult> results(List<AddPartitionsToTxnTopic> topics) {
            List<AddPartitionsToTxnTopicResult> results = new ArrayList<>(topics.size());
            for (AddPartitionsToTxnTopic topic : topics) {
                AddPartitionsToTxnTopicResult result = new AddPartitionsToTxnTopicResult().setName(topic.name());
                for (int index : topic.partitions()) {
                    ErrorCode error = errors.getOrDefault(
                            new TopicPartition(topic.name(), Math.max(0, index)), ErrorCode.OPERATION_NOT_ATTEMPTED);
                    result.resultsByPartition()
                            .add(new AddPartitionsToTxnPartitionResult()
                                    .setPartitionIndex(index)
                                    .setPartitionErrorCode(error.code()));
                }
                results.add(result);
            }
            return results;
        }
    }
}
