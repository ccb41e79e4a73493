// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.server.Failure.each;

import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.ConsumerGroupDescribeResponse;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteGroupsResponse;
import io.kaon.wire.message.DescribeGroupsRequest;
import io.kaon.wire.message.DescribeGroupsResponse;
import io.kaon.wire.message.DescribeShareGroupOffsetsRequest;
import io.kaon.wire.message.DescribeShareGroupOffsetsResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.ShareGroupDescribeRequest;
import io.kaon.wire.message.ShareGroupDescribeResponse;
import io.kaon.wire.message.StreamsGroupDescribeRequest;
import io.kaon.wire.message.StreamsGroupDescribeResponse;

/** Error responses of the group apis, as far as the error does not simply stand at the top. */
final class GroupErrors {
    private static final int NO_NODE = -1;
    private static final long NO_OFFSET = -1;
    private static final int BATCHED_COORDINATORS = 4;
    private static final int OFFSET_FETCH_WITH_TOP_LEVEL_ERROR = 2;
    private static final int BATCHED_OFFSET_FETCH = 8;

    private GroupErrors() {}

    static void register(ErrorResponses.Registry to) {
        to.put(ApiKey.FIND_COORDINATOR, FindCoordinatorRequest.class, GroupErrors::findCoordinator);
        to.put(ApiKey.JOIN_GROUP, JoinGroupRequest.class, GroupErrors::joinGroup);
        to.put(ApiKey.LEAVE_GROUP, LeaveGroupRequest.class, GroupErrors::leaveGroup);
        to.put(ApiKey.OFFSET_COMMIT, OffsetCommitRequest.class, GroupErrors::offsetCommit);
        to.put(ApiKey.OFFSET_FETCH, OffsetFetchRequest.class, GroupErrors::offsetFetch);
        to.put(ApiKey.DESCRIBE_GROUPS, DescribeGroupsRequest.class, GroupErrors::describeGroups);
        to.put(ApiKey.DELETE_GROUPS, DeleteGroupsRequest.class, GroupErrors::deleteGroups);
        to.put(
                ApiKey.CONSUMER_GROUP_DESCRIBE,
                ConsumerGroupDescribeRequest.class,
                (request, failure) -> new ConsumerGroupDescribeResponse()
                        .setGroups(each(request.groupIds(), id -> new ConsumerGroupDescribeResponse.DescribedGroup()
                                .setGroupId(id)
                                .setErrorCode(failure.code()))));
        to.put(
                ApiKey.SHARE_GROUP_DESCRIBE,
                ShareGroupDescribeRequest.class,
                (request, failure) -> new ShareGroupDescribeResponse()
                        .setGroups(each(request.groupIds(), id -> new ShareGroupDescribeResponse.DescribedGroup()
                                .setGroupId(id)
                                .setErrorCode(failure.code()))));
        to.put(
                ApiKey.STREAMS_GROUP_DESCRIBE,
                StreamsGroupDescribeRequest.class,
                (request, failure) -> new StreamsGroupDescribeResponse()
                        .setGroups(each(request.groupIds(), id -> new StreamsGroupDescribeResponse.DescribedGroup()
                                .setGroupId(id)
                                .setErrorCode(failure.code()))));
        to.put(
                ApiKey.DESCRIBE_SHARE_GROUP_OFFSETS,
                DescribeShareGroupOffsetsRequest.class,
                (request, failure) -> new DescribeShareGroupOffsetsResponse()
                        .setGroups(each(
                                request.groups(),
                                group -> new DescribeShareGroupOffsetsResponse.DescribeShareGroupOffsetsResponseGroup()
                                        .setGroupId(group.groupId())
                                        .setErrorCode(failure.code()))));
    }

    private static ApiMessage findCoordinator(FindCoordinatorRequest request, Failure failure) {
        if (failure.version() < BATCHED_COORDINATORS) {
            return new FindCoordinatorResponse()
                    .setErrorCode(failure.code())
                    .setNodeId(NO_NODE)
                    .setPort(NO_NODE);
        }
        return new FindCoordinatorResponse()
                .setCoordinators(each(request.coordinatorKeys(), key -> new FindCoordinatorResponse.Coordinator()
                        .setKey(key)
                        .setErrorCode(failure.code())
                        .setNodeId(NO_NODE)
                        .setPort(NO_NODE)));
    }

    private static ApiMessage joinGroup(JoinGroupRequest request, Failure failure) {
        return new JoinGroupResponse()
                .setErrorCode(failure.code())
                .setProtocolName("")
                .setMemberId(request.memberId());
    }

    private static ApiMessage leaveGroup(LeaveGroupRequest request, Failure failure) {
        return new LeaveGroupResponse().setErrorCode(failure.code());
    }

    private static ApiMessage offsetCommit(OffsetCommitRequest request, Failure failure) {
        return new OffsetCommitResponse()
                .setTopics(each(request.topics(), topic -> new OffsetCommitResponse.OffsetCommitResponseTopic()
                        .setName(topic.name())
                        .setTopicId(topic.topicId())
                        .setPartitions(each(
                                topic.partitions(),
                                partition -> new OffsetCommitResponse.OffsetCommitResponsePartition()
                                        .setPartitionIndex(partition.partitionIndex())
                                        .setErrorCode(failure.code())))));
    }

    private static ApiMessage offsetFetch(OffsetFetchRequest request, Failure failure) {
        if (failure.version() >= BATCHED_OFFSET_FETCH) {
            return new OffsetFetchResponse()
                    .setGroups(each(request.groups(), group -> new OffsetFetchResponse.OffsetFetchResponseGroup()
                            .setGroupId(group.groupId())
                            .setErrorCode(failure.code())));
        }
        OffsetFetchResponse response = new OffsetFetchResponse();
        if (failure.version() >= OFFSET_FETCH_WITH_TOP_LEVEL_ERROR) {
            response.setErrorCode(failure.code());
        }
        return response.setTopics(each(request.topics(), topic -> new OffsetFetchResponse.OffsetFetchResponseTopic()
                .setName(topic.name())
                .setPartitions(
                        each(topic.partitionIndexes(), index -> new OffsetFetchResponse.OffsetFetchResponsePartition()
                                .setPartitionIndex(index)
                                .setCommittedOffset(NO_OFFSET)
                                .setErrorCode(failure.code())))));
    }

    private static ApiMessage describeGroups(DescribeGroupsRequest request, Failure failure) {
        return new DescribeGroupsResponse()
                .setGroups(each(request.groups(), id -> new DescribeGroupsResponse.DescribedGroup()
                        .setGroupId(id)
                        .setErrorCode(failure.code())));
    }

    private static ApiMessage deleteGroups(DeleteGroupsRequest request, Failure failure) {
        return new DeleteGroupsResponse()
                .setResults(each(request.groupsNames(), id -> new DeleteGroupsResponse.DeletableGroupResult()
                        .setGroupId(id)
                        .setErrorCode(failure.code())));
    }
}
