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
    private final Memberships memberships;
    private final OffsetStore offsets;

    OffsetDeletes(Groups groups, Memberships memberships, OffsetStore offsets) {
        this.groups = groups;
        this.memberships = memberships;
        this.offsets = offsets;
    }

    Decision<OffsetDeleteResponse> decide(OffsetDeleteRequest request) {
        String groupId = request.groupId();
        if (!memberships.exists(groupId)) {
            return failed(ErrorCode.GROUP_ID_NOT_FOUND);
        }
        Optional<MemberCheck> group = memberships.find(groupId).filter(found -> !found.isEmpty());
        if (group.isPresent() && isOfAnotherProtocol(groupId)) {
            // What its members do with topics is their own business: nothing can be said to be unused.
            return failed(ErrorCode.NON_EMPTY_GROUP);
        }
        List<GroupRecord> records = new ArrayList<>();
        OffsetDeleteResponse response = new OffsetDeleteResponse();
        for (OffsetDeleteRequestTopic topic : request.topics()) {
            boolean isSubscribed =
                    group.map(found -> found.isSubscribedTo(topic.name())).orElse(false);
            OffsetDeleteResponseTopic answers = new OffsetDeleteResponseTopic().setName(topic.name());
            for (OffsetDeleteRequestPartition partition : topic.partitions()) {
                int index = partition.partitionIndex();
                ErrorCode error = isSubscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
                if (!isSubscribed && index >= 0) {
                    TopicPartition key = new TopicPartition(topic.name(), index);
                    if (offsets.holds(groupId, key)) {
                        records.add(new GroupRecord.OffsetRemoved(groupId, key));
                    }
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

    private boolean isOfAnotherProtocol(String groupId) {
        return memberships
                        .find(groupId)
                        .filter(found -> found instanceof ClassicMembership)
                        .isPresent()
                && groups.find(groupId)
                        .map(group -> !group.protocolType().equals(ClassicGroup.CONSUMER))
                        .orElse(false);
    }

    private static Decision<OffsetDeleteResponse> failed(ErrorCode error) {
        return new Decision<>(List.of(), new OffsetDeleteResponse().setErrorCode(error.code()));
    }
}
