// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopic;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartition;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseTopic;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.List;

/**
 * The two shapes of OffsetFetch: versions 8 and up name several groups, older ones a single one with the same content
 * one level higher.
 *
 * @param version of the request
 */
record OffsetFetchShape(short version) {
    private static final short SEVERAL_GROUPS_VERSION = 8;
    /** From here on there is an error for all; before, each partition carries it. */
    private static final short TOP_LEVEL_ERROR_VERSION = 2;
    /** Up to here offsets were not kept by the coordinator, and none is an error (C29). */
    private static final short LAST_VERSION_WITHOUT_COORDINATOR = 0;

    List<OffsetFetchRequestGroup> groupsOf(OffsetFetchRequest request) {
        if (version >= SEVERAL_GROUPS_VERSION) {
            return request.groups();
        }
        OffsetFetchRequestGroup group = new OffsetFetchRequestGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            return List.of(group.setTopics(null));
        }
        List<OffsetFetchRequestTopics> topics = new ArrayList<>(request.topics().size());
        for (OffsetFetchRequestTopic topic : request.topics()) {
            topics.add(
                    new OffsetFetchRequestTopics().setName(topic.name()).setPartitionIndexes(topic.partitionIndexes()));
        }
        return List.of(group.setTopics(topics));
    }

    OffsetFetchResponse answer(OffsetFetchRequest request, List<OffsetFetchResponseGroup> groups) {
        if (version >= SEVERAL_GROUPS_VERSION) {
            return new OffsetFetchResponse().setGroups(groups);
        }
        OffsetFetchResponseGroup group = groups.get(0);
        OffsetFetchResponse response = new OffsetFetchResponse();
        if (group.errorCode() == ErrorCode.NONE.code()) {
            group.topics().forEach(topic -> response.topics().add(single(topic)));
        } else if (version >= TOP_LEVEL_ERROR_VERSION) {
            response.setErrorCode(group.errorCode());
        } else {
            request.topics().forEach(topic -> response.topics().add(failed(topic, group.errorCode())));
        }
        return response;
    }

    private OffsetFetchResponseTopic single(OffsetFetchResponseTopics topic) {
        OffsetFetchResponseTopic single = new OffsetFetchResponseTopic().setName(topic.name());
        for (OffsetFetchResponsePartitions partition : topic.partitions()) {
            boolean isMissing = partition.committedOffset() == OffsetFetches.NO_OFFSET
                    && version <= LAST_VERSION_WITHOUT_COORDINATOR;
            single.partitions()
                    .add(new OffsetFetchResponsePartition()
                            .setPartitionIndex(partition.partitionIndex())
                            .setCommittedOffset(partition.committedOffset())
                            .setCommittedLeaderEpoch(partition.committedLeaderEpoch())
                            .setMetadata(partition.metadata())
                            .setErrorCode(
                                    isMissing ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION.code() : partition.errorCode()));
        }
        return single;
    }

    private static OffsetFetchResponseTopic failed(OffsetFetchRequestTopic topic, short errorCode) {
        OffsetFetchResponseTopic failed = new OffsetFetchResponseTopic().setName(topic.name());
        for (int index : topic.partitionIndexes()) {
            failed.partitions()
                    .add(new OffsetFetchResponsePartition()
                            .setPartitionIndex(index)
                            .setCommittedOffset(OffsetFetches.NO_OFFSET)
                            .setMetadata("")
                            .setErrorCode(errorCode));
        }
        return failed;
    }
}
