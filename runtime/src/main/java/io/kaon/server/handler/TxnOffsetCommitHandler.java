// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestPartition;
import io.kaon.wire.message.TxnOffsetCommitRequest.TxnOffsetCommitRequestTopic;
import io.kaon.wire.message.TxnOffsetCommitResponse;
import io.kaon.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponsePartition;
import io.kaon.wire.message.TxnOffsetCommitResponse.TxnOffsetCommitResponseTopic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletionStage;

/**
 * Commits offsets as part of a transaction, of topics that exist and that the client may read; the others get their own
 * error. Topics are named by id from version 6 (C14).
 */
public final class TxnOffsetCommitHandler implements ApiHandler<TxnOffsetCommitRequest> {
    private static final int FIRST_VERSION_WITH_IDS = 6;
    /** Clients below know no abortable errors (KIP-890). */
    private static final int FIRST_VERSION_WITH_ABORTABLE = 4;
    /** Clients below crash on a coordinator that loads (KAFKA-7296). */
    private static final int FIRST_VERSION_WITH_LOADING = 2;

    private final GroupCoordinator groups;
    private final MetadataImages images;
    private final Authoriser authoriser;

    public TxnOffsetCommitHandler(GroupCoordinator groups, MetadataImages images, Authoriser authoriser) {
        this.groups = groups;
        this.images = images;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, TxnOffsetCommitRequest request) {
        ErrorCode refusal = refusal(context, request);
        if (refusal != ErrorCode.NONE) {
            return Reply.now(ErrorResponses.of(request, context.version(), refusal));
        }
        List<Place> places = places(context, request);
        List<TxnOffsetCommitRequestTopic> allowed = allowed(places);
        if (allowed.isEmpty() && !places.isEmpty()) {
            return Reply.now(merged(places, new TxnOffsetCommitResponse(), context.version()));
        }
        return Reply.later(groups.commitTransactionalOffsets(GroupCalls.from(context), with(request, allowed))
                .thenApply(response -> merged(places, response, context.version())));
    }

    private ErrorCode refusal(RequestContext context, TxnOffsetCommitRequest request) {
        Resource id = Resource.transactionalId(request.transactionalId());
        if (!authoriser.authorise(context.principal(), Operation.WRITE, id)) {
            return ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED;
        }
        Resource group = Resource.group(request.groupId());
        return authoriser.authorise(context.principal(), Operation.READ, group)
                ? ErrorCode.NONE
                : ErrorCode.GROUP_AUTHORIZATION_FAILED;
    }

    /** A topic of the request, under the name that it has here, with the errors of partitions that go no further. */
    private record Place(TxnOffsetCommitRequestTopic asked, String name, Map<Integer, ErrorCode> refusals) {
        boolean isRefused(TxnOffsetCommitRequestPartition partition) {
            return refusals.containsKey(partition.partitionIndex());
        }
    }

    private List<Place> places(RequestContext context, TxnOffsetCommitRequest request) {
        ClusterImage image = images.current();
        List<Place> places = new ArrayList<>(request.topics().size());
        for (TxnOffsetCommitRequestTopic topic : request.topics()) {
            String name = context.version() < FIRST_VERSION_WITH_IDS
                    ? topic.name()
                    : image.topic(topic.topicId()).map(TopicImage::name).orElse("");
            ErrorCode refusal = refusal(context, name);
            Map<Integer, ErrorCode> refusals = new HashMap<>();
            for (TxnOffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode error = refusal == ErrorCode.NONE ? existence(image, name, partition) : refusal;
                if (error != ErrorCode.NONE) {
                    refusals.put(partition.partitionIndex(), error);
                }
            }
            places.add(new Place(topic, name, refusals));
        }
        return places;
    }

    private ErrorCode refusal(RequestContext context, String name) {
        if (name.isEmpty()) {
            return context.version() < FIRST_VERSION_WITH_IDS
                    ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                    : ErrorCode.UNKNOWN_TOPIC_ID;
        }
        return authoriser.authorise(context.principal(), Operation.READ, Resource.topic(name))
                ? ErrorCode.NONE
                : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }

    /** The coordinator stores what it is given: a partition that does not exist must not reach it. */
    private static ErrorCode existence(ClusterImage image, String topic, TxnOffsetCommitRequestPartition partition) {
        boolean exists = partition.partitionIndex() >= 0
                && image.partition(new TopicPartition(topic, partition.partitionIndex()))
                        .isPresent();
        return exists ? ErrorCode.NONE : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    /** With the topics' ids, which are kept with the offsets, whichever way the client names them. */
    private List<TxnOffsetCommitRequestTopic> allowed(List<Place> places) {
        ClusterImage image = images.current();
        List<TxnOffsetCommitRequestTopic> allowed = new ArrayList<>(places.size());
        for (Place place : places) {
            List<TxnOffsetCommitRequestPartition> partitions = new ArrayList<>(place.asked.partitions().stream()
                    .filter(partition -> !place.isRefused(partition))
                    .toList());
            if (!partitions.isEmpty()) {
                allowed.add(new TxnOffsetCommitRequestTopic()
                        .setName(place.name)
                        .setTopicId(image.topic(place.name).map(TopicImage::id).orElse(place.asked.topicId()))
                        .setPartitions(partitions));
            }
        }
        return allowed;
    }

    /** The request belongs to the caller, who may send it again: it is not changed. */
    private static TxnOffsetCommitRequest with(
            TxnOffsetCommitRequest request, List<TxnOffsetCommitRequestTopic> topics) {
        return new TxnOffsetCommitRequest()
                .setTransactionalId(request.transactionalId())
                .setGroupId(request.groupId())
                .setProducerId(request.producerId())
                .setProducerEpoch(request.producerEpoch())
                .setGenerationIdOrMemberEpoch(request.generationIdOrMemberEpoch())
                .setMemberId(request.memberId())
                .setGroupInstanceId(request.groupInstanceId())
                .setTopics(topics);
    }

    /** One answer for each partition, in the order of the request; the coordinator's come in the order of the allowed. */
    private static TxnOffsetCommitResponse merged(List<Place> places, TxnOffsetCommitResponse response, short version) {
        Queue<TxnOffsetCommitResponsePartition> answered = new ArrayDeque<>();
        response.topics().forEach(topic -> answered.addAll(topic.partitions()));
        TxnOffsetCommitResponse merged = new TxnOffsetCommitResponse();
        for (Place place : places) {
            TxnOffsetCommitResponseTopic topic =
                    new TxnOffsetCommitResponseTopic().setName(place.name).setTopicId(place.asked.topicId());
            for (TxnOffsetCommitRequestPartition partition : place.asked.partitions()) {
                ErrorCode error = place.isRefused(partition)
                        ? place.refusals.get(partition.partitionIndex())
                        : known(ErrorCode.of(answered.remove().errorCode()), version);
                topic.partitions()
                        .add(new TxnOffsetCommitResponsePartition()
                                .setPartitionIndex(partition.partitionIndex())
                                .setErrorCode(error.code()));
            }
            merged.topics().add(topic);
        }
        return merged;
    }

    /** The error as clients of this version know it. */
    private static ErrorCode known(ErrorCode error, short version) {
        if (error == ErrorCode.TRANSACTION_ABORTABLE && version < FIRST_VERSION_WITH_ABORTABLE) {
            return ErrorCode.INVALID_TXN_STATE;
        }
        return error == ErrorCode.COORDINATOR_LOAD_IN_PROGRESS && version < FIRST_VERSION_WITH_LOADING
                ? ErrorCode.COORDINATOR_NOT_AVAILABLE
                : error;
    }
}
