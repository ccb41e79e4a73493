// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.metadata.InternalTopics;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.record.legacy.LegacySets;
import io.kaon.replication.Acks;
import io.kaon.replication.Partition;
import io.kaon.replication.PartitionLookup;
import io.kaon.replication.PartitionRegistry;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.telemetry.TopicMeter;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.PartitionProduceData;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import io.kaon.wire.message.ProduceResponse.TopicProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Appends record batches. Each takes its place in its partition's queue before {@link #handle} returns, so that the
 * next Produce of the connection may start at once and still comes after it (design, D4). Versions 0–2 bring message
 * sets of magic 0 and 1, which the log makes batches of.
 */
public final class ProduceHandler implements ApiHandler<ProduceRequest> {
    private static final int FIRST_VERSION_WITH_IDS = 13;
    private static final int FIRST_VERSION_WITH_LEADER = 10;
    /** Kafka's own tools may write to internal topics under this client id. */
    private static final String ADMIN_CLIENT_ID = "__admin_client";

    private final MetadataImages images;
    private final PartitionRegistry partitions;
    private final Authoriser authoriser;
    private final TransactionalProduce transactions;
    private final int nodeId;

    /** @param nodeId this broker's id */
    public ProduceHandler(
            MetadataImages images,
            PartitionRegistry partitions,
            Authoriser authoriser,
            PartitionVerifier verifier,
            int nodeId) {
        this.images = images;
        this.partitions = partitions;
        this.authoriser = authoriser;
        this.transactions = new TransactionalProduce(authoriser, verifier);
        this.nodeId = nodeId;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ProduceRequest request) {
        Optional<Acks> acks = Acks.of(request.acks());
        if (acks.isEmpty()) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.INVALID_REQUIRED_ACKS));
        }
        TransactionalProduce.Outcome transaction = transactions.begin(context, request);
        if (transaction.refusal() != ErrorCode.NONE) {
            return refused(context, request, acks.get(), transaction.refusal());
        }
        List<TopicProduceResponse> responses =
                new ArrayList<>(request.topicData().size());
        ProduceCollector collector = new ProduceCollector(
                new ProduceResponse().setResponses(responses),
                acks.get() != Acks.NONE,
                context.version(),
                response -> withLeaders(response, context));
        Call call = new Call(context, request, acks.get(), transaction.transaction(), collector);
        try {
            for (TopicProduceData topic : request.topicData()) {
                responses.add(appendTopic(call, topic));
            }
        } finally {
            // In any case: batches that are on their way wait for the coordinator's word.
            transaction.transaction().ifPresent(ProducedTransaction::onAllStarted);
        }
        return collector.onAllStarted();
    }

    private static CompletionStage<Reply> refused(
            RequestContext context, ProduceRequest request, Acks acks, ErrorCode error) {
        return acks == Acks.NONE
                ? CompletableFuture.completedStage(
                        new Reply.CloseConnection("a Produce with acks=0 was refused: " + error))
                : Reply.now(ErrorResponses.of(request, context.version(), error));
    }

    private TopicProduceResponse appendTopic(Call call, TopicProduceData topic) {
        List<PartitionProduceResponse> places =
                new ArrayList<>(topic.partitionData().size());
        TopicProduceResponse response = new TopicProduceResponse()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitionResponses(places);
        String name = nameOf(topic, call.version());
        ErrorCode refusal = refusal(call.context, name);
        for (PartitionProduceData data : topic.partitionData()) {
            PartitionProduceResponse place = new PartitionProduceResponse().setIndex(data.index());
            places.add(place);
            if (refusal == ErrorCode.NONE) {
                append(call, new Append(name, topic.topicId(), data), place);
            } else {
                refuse(call, name, place, refusal, null);
            }
        }
        return response;
    }

    /** Empty for an id that no topic has. */
    private String nameOf(TopicProduceData topic, short version) {
        if (version < FIRST_VERSION_WITH_IDS) {
            return topic.name();
        }
        Uuid id = topic.topicId();
        return images.current().topic(id).map(TopicImage::name).orElse("");
    }

    private ErrorCode refusal(RequestContext context, String name) {
        if (name.isEmpty()) {
            return context.version() < FIRST_VERSION_WITH_IDS
                    ? ErrorCode.INVALID_TOPIC_EXCEPTION
                    : ErrorCode.UNKNOWN_TOPIC_ID;
        }
        if (!authoriser.authorise(context.principal(), Operation.WRITE, Resource.topic(name))) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        return InternalTopics.isInternal(name) && !ADMIN_CLIENT_ID.equals(context.clientId())
                ? ErrorCode.INVALID_TOPIC_EXCEPTION
                : ErrorCode.NONE;
    }

    private void append(Call call, Append append, PartitionProduceResponse place) {
        if (append.data.records() == null || append.data.index() < 0) {
            boolean isMissing = append.data.records() == null;
            ErrorCode error = isMissing ? ErrorCode.INVALID_RECORD : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
            refuse(call, append.topic, place, error, null);
            return;
        }
        ByteBuffer records = append.data.records().toBuffer();
        ErrorCode problem = ProducedBatch.problem(records, call.version());
        if (problem != ErrorCode.NONE) {
            refuse(call, append.topic, place, problem, "a request of this version cannot carry these records");
            return;
        }
        PartitionLookup lookup = partitions.find(new TopicPartition(append.topic, append.data.index()));
        if (lookup instanceof PartitionLookup.Found found && isOther(append.topicId, found.partition())) {
            refuse(call, append.topic, place, ErrorCode.UNKNOWN_TOPIC_ID, null);
        } else if (lookup instanceof PartitionLookup.Found && isNothing(call.version(), records)) {
            call.collector.acceptNothing(place);
        } else if (lookup instanceof PartitionLookup.Found found) {
            append(call, found.partition(), records, place);
        } else {
            refuse(call, append.topic, place, ((PartitionLookup.Missing) lookup).error(), null);
        }
    }

    /** Without an append. */
    private void refuse(Call call, String topic, PartitionProduceResponse place, ErrorCode error, String message) {
        TopicMeter meter = partitions.meters().topics().ofKnown(topic);
        meter.produce();
        meter.produceFailed();
        call.collector.reject(place, error, message);
    }

    private void append(Call call, Partition partition, ByteBuffer records, PartitionProduceResponse place) {
        int timeoutMs = call.request.timeoutMs();
        boolean isTransactional = ProducedBatch.isTransactional(records);
        if (isTransactional && call.request.transactionalId() == null) {
            refuse(call, partition.name().topic(), place, ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, null);
        } else if (isTransactional && call.transaction.isPresent()) {
            ProducedTransaction.Gate gate = call.transaction.get().gateOf(partition.name());
            CompletionStage<AppendResult> append =
                    partition.append(records, call.acks, timeoutMs, ProducedBatch.transactional(records), gate);
            // Whatever becomes of it: the other partitions must not wait for this one's word.
            call.collector.onStarted(place, append.whenComplete((result, failure) -> gate.pass()), partition.meter());
        } else {
            call.collector.onStarted(
                    place, partition.append(records, call.acks, timeoutMs, AppendOrigin.CLIENT), partition.meter());
        }
    }

    /** Produce 0–2 may carry nothing, or less than one message, which is passed over (as Kafka 3.9 does). */
    private static boolean isNothing(short version, ByteBuffer records) {
        return version < ProducedBatch.FIRST_VERSION_WITH_BATCHES && LegacySets.isUnfinished(records);
    }

    /** Whether the topic was deleted and made again since its name was looked up (C18); versions with names have no id. */
    private static boolean isOther(Uuid topicId, Partition partition) {
        return !topicId.isZero() && !topicId.equals(partition.topicId());
    }

    /** KIP-951: who was sent to the wrong broker is told the right one at once. */
    private ProduceResponse withLeaders(ProduceResponse response, RequestContext context) {
        if (context.version() < FIRST_VERSION_WITH_LEADER) {
            return response;
        }
        LeaderHints hints = null;
        for (TopicProduceResponse topic : response.responses()) {
            for (PartitionProduceResponse place : topic.partitionResponses()) {
                if (place.errorCode() == ErrorCode.NOT_LEADER_OR_FOLLOWER.code()) {
                    hints = hints == null ? new LeaderHints(images.current(), nodeId, context.listener()) : hints;
                    hints.leaderOf(nameOf(topic, context.version()), place.index())
                            .ifPresent(leader -> place.setCurrentLeader(new ProduceResponse.LeaderIdAndEpoch()
                                    .setLeaderId(leader.id())
                                    .setLeaderEpoch(leader.epoch())));
                }
            }
        }
        return hints == null ? response : response.setNodeEndpoints(hints.nodes(ProduceHandler::node));
    }

    private String nameOf(TopicProduceResponse topic, short version) {
        return version < FIRST_VERSION_WITH_IDS
                ? topic.name()
                : images.current().topic(topic.topicId()).map(TopicImage::name).orElse("");
    }

    private static ProduceResponse.NodeEndpoint node(BrokerEndpoints.BrokerEndpoint endpoint) {
        return new ProduceResponse.NodeEndpoint()
                .setNodeId(endpoint.id())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setRack(endpoint.rack());
    }

    /** What all partitions of a request share. */
    private record Call(
            RequestContext context,
            ProduceRequest request,
            Acks acks,
            Optional<ProducedTransaction> transaction,
            ProduceCollector collector) {
        short version() {
            return context.version();
        }
    }

    private record Append(String topic, Uuid topicId, PartitionProduceData data) {}
}
