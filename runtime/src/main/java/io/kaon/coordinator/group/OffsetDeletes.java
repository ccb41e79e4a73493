// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.OffsetDeleteRequest;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestPartition;
import io.kaon.wire.message.OffsetDeleteRequest.OffsetDeleteRequestTopic;
import io.kaon.wire.message.OffsetDeleteResponse;
import io.kaon.wire.message.OffsetDeleteResponse.OffsetDeleteResponsePartition;
import io.kaon.wire.message.OffsetDeleteResponse.OffsetDeleteResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides OffsetDelete (api 47): offsets of topics that the group's members do not consume (KIP-496). */
final class OffsetDeletes {
    private final Groups groups;
    private final OffsetStore offsets;

    OffsetDeletes(Groups groups, OffsetStore offsets) {
        this.groups = groups;
        this.offsets = offsets;
    }

    Decision<OffsetDeleteResponse> decide(OffsetDeleteRequest request) {
        String groupId = request.groupId();
        Optional<ClassicGroup> group = groups.find(groupId);
        if (group.isEmpty() && !offsets.hasOffsets(groupId)) {
            return failed(ErrorCode.GROUP_ID_NOT_FOUND);
        }
        boolean hasMembers = group.map(present -> !present.isEmpty()).orElse(false);
        if (hasMembers && !group.get().protocolType().equals(ClassicGroup.CONSUMER)) {
            // What its members do with topics is their own business: nothing can be said to be unused.
            return failed(ErrorCode.NON_EMPTY_GROUP);
        }
        List<GroupRecord> records = new ArrayList<>();
        OffsetDeleteResponse response = new OffsetDeleteResponse();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            boolean isSubscribed = hasMembers && group.get().isSubscribedTo(topic.name());
            OffsetDeleteResponseTopic answers = new OffsetDeleteResponseTopic().setName(topic.name());
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                ErrorCode error = isSubscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
                if (!isSubscribed && index >= 0) {
                    TopicPartition key = new TopicPartition(topic.name(), index);
                    offsets.latest(groupId, key)
                            .ifPresent(ignored -> records.add(new GroupRecord.OffsetRemoved(groupId, key)));
                }
                answers.partitions()
                        .add(new OffsetDeleteResponsePartition()
                                .setPartitionIndex(index)
                                .setErrorCode(error.code()));
            }
            response.topics().add(answers);
        }
        return new Decision<>(records, response);
    }

    private static Decision<OffsetDeleteResponse> failed(ErrorCode error) {
        return new Decision<>(List.of(), new OffsetDeleteResponse().setErrorCode(error.code()));
    }
}
