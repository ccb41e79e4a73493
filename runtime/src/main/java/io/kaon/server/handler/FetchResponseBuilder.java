// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.replication.PartitionReadResult;
import io.kaon.server.FetchKey;
import io.kaon.server.FetchPlan;
import io.kaon.server.RequestContext;
import io.kaon.storage.segment.AbortedTransaction;
import io.kaon.telemetry.TopicMeter;
import io.kaon.telemetry.TopicMeters;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.FetchableTopicResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Puts the results of one fetch into its response. Used once, on whichever thread has read the records. */
final class FetchResponseBuilder {
    static final int FIRST_VERSION_WITH_IDS = 13;

    private static final int FIRST_VERSION_WITH_LEADER = 12;
    private static final int FIRST_VERSION_WITH_NODES = 16;
    private static final long NO_OFFSET = -1;

    private final RequestContext context;
    private final FetchPlan plan;
    private final LeaderHints hints;
    private final boolean readCommitted;
    private final TopicMeters meters;
    private final List<FetchableTopicResponse> topics = new ArrayList<>();
    private boolean hasHints;

    FetchResponseBuilder(
            RequestContext context, FetchPlan plan, LeaderHints hints, boolean readCommitted, TopicMeters meters) {
        this.context = context;
        this.plan = plan;
        this.hints = hints;
        this.readCommitted = readCommitted;
        this.meters = meters;
    }

    /** @param results one for each piece without an error, in their order */
    FetchResponse build(List<FetchHandler.Piece> pieces, List<PartitionReadResult> results) {
        Iterator<PartitionReadResult> next = results.iterator();
        for (FetchHandler.Piece piece : pieces) {
            PartitionData data =
                    piece.error() == ErrorCode.NONE ? data(piece, next.next()) : failed(piece, piece.error());
            count(piece.topic(), data);
            if (plan.includes(piece.target().key(), data)) {
                topicOf(piece.target().key()).partitions().add(data);
            } else {
                data.records().release();
            }
        }
        FetchResponse response =
                new FetchResponse().setSessionId(plan.sessionId()).setResponses(topics);
        if (hasHints && context.version() >= FIRST_VERSION_WITH_NODES) {
            response.setNodeEndpoints(hints.nodes(FetchResponseBuilder::node));
        }
        return response;
    }

    /** What was read has been counted where it was read; a topic is looked up only if that is not all. */
    private void count(String topic, PartitionData data) {
        if (data.errorCode() != ErrorCode.NONE.code()) {
            TopicMeter meter = meters.ofKnown(topic);
            meter.fetch(0);
            meter.fetchFailed();
        } else if (context.version() <= LegacyFetcher.LAST_VERSION
                && data.records().sizeInBytes() > 0) {
            meters.ofKnown(topic).fetchConverted();
        }
    }

    /** Partitions of one topic that follow each other share an entry. */
    private FetchableTopicResponse topicOf(FetchKey key) {
        if (!topics.isEmpty()) {
            FetchableTopicResponse last = topics.get(topics.size() - 1);
            if (last.topic().equals(key.topic()) && last.topicId().equals(key.topicId())) {
                return last;
            }
        }
        FetchableTopicResponse topic = new FetchableTopicResponse()
                .setTopic(key.topic())
                .setTopicId(key.topicId())
                .setPartitions(new ArrayList<>());
        topics.add(topic);
        return topic;
    }

    private PartitionData data(FetchHandler.Piece piece, PartitionReadResult result) {
        PartitionData data = new PartitionData()
                .setPartitionIndex(piece.target().key().partition())
                .setErrorCode(
                        StorageErrors.inFetch(result.error(), context.version()).code())
                .setHighWatermark(result.highWatermark())
                .setLastStableOffset(result.lastStableOffset())
                .setLogStartOffset(result.logStartOffset())
                .setRecords(result.records());
        withAbortedTransactions(data, result.abortedTransactions());
        withLeader(piece, result.error(), data);
        if (context.version() >= FIRST_VERSION_WITH_LEADER) {
            result.diverging()
                    .ifPresent(end -> data.setDivergingEpoch(new FetchResponse.EpochEndOffset()
                            .setEpoch(end.epoch())
                            .setEndOffset(end.endOffset())));
        }
        return data;
    }

    private PartitionData failed(FetchHandler.Piece piece, ErrorCode error) {
        PartitionData data = new PartitionData()
                .setPartitionIndex(piece.target().key().partition())
                .setErrorCode(error.code())
                .setHighWatermark(NO_OFFSET)
                .setRecords(BufferRecords.EMPTY);
        withAbortedTransactions(data, List.of());
        return data;
    }

    /** Only readers of committed records get the list (C4). */
    private void withAbortedTransactions(PartitionData data, List<AbortedTransaction> aborted) {
        if (!readCommitted) {
            data.setAbortedTransactions(null);
            return;
        }
        List<FetchResponse.AbortedTransaction> listed = new ArrayList<>(aborted.size());
        for (AbortedTransaction transaction : aborted) {
            listed.add(new FetchResponse.AbortedTransaction()
                    .setProducerId(transaction.producerId())
                    .setFirstOffset(transaction.firstOffset()));
        }
        data.setAbortedTransactions(listed);
    }

    private void withLeader(FetchHandler.Piece piece, ErrorCode error, PartitionData data) {
        boolean isElsewhere = error == ErrorCode.NOT_LEADER_OR_FOLLOWER || error == ErrorCode.FENCED_LEADER_EPOCH;
        if (isElsewhere && context.version() >= FIRST_VERSION_WITH_LEADER) {
            hints.leaderOf(piece.topic(), data.partitionIndex()).ifPresent(leader -> {
                hasHints = true;
                data.setCurrentLeader(new FetchResponse.LeaderIdAndEpoch()
                        .setLeaderId(leader.id())
                        .setLeaderEpoch(leader.epoch()));
            });
        }
    }

    private static FetchResponse.NodeEndpoint node(BrokerEndpoints.BrokerEndpoint endpoint) {
        return new FetchResponse.NodeEndpoint()
                .setNodeId(endpoint.id())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setRack(endpoint.rack());
    }
}
