// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Answers OffsetFetch (api 9) from the committed position, one group at a time, in the shape of versions 8 and up. */
final class OffsetFetches {
    static final long NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private final OffsetStore offsets;

    OffsetFetches(OffsetStore offsets) {
        this.offsets = offsets;
    }

    /** What the request names; everything the group has if it names nothing. */
    OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request) {
        OffsetFetchResponseGroup response = new OffsetFetchResponseGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            fetchAll(request.groupId(), response);
            return response;
        }
        for (OffsetFetchRequestTopics topic : request.topics()) {
            OffsetFetchResponseTopics answers =
                    new OffsetFetchResponseTopics().setName(topic.name()).setTopicId(topic.topicId());
            for (int index : topic.partitionIndexes()) {
                Optional<OffsetEntry> entry = index < 0
                        ? Optional.empty()
                        : offsets.committed(request.groupId(), new TopicPartition(topic.name(), index));
                answers.partitions()
                        .add(entry.map(found -> answer(index, found)).orElseGet(() -> none(index)));
            }
            response.topics().add(answers);
        }
        return response;
    }

    private void fetchAll(String groupId, OffsetFetchResponseGroup response) {
        Map<TopicPartition, OffsetEntry> sorted = new TreeMap<>();
        offsets.forEachCommitted(groupId, sorted::put);
        OffsetFetchResponseTopics answers = new OffsetFetchResponseTopics();
        for (Map.Entry<TopicPartition, OffsetEntry> entry : sorted.entrySet()) {
            TopicPartition partition = entry.getKey();
            if (!partition.topic().equals(answers.name())) {
                answers = new OffsetFetchResponseTopics().setName(partition.topic());
                response.topics().add(answers);
            }
            answers.partitions().add(answer(partition.partition(), entry.getValue()));
        }
    }

    static OffsetFetchResponseGroup failed(String groupId, ErrorCode error) {
        return new OffsetFetchResponseGroup().setGroupId(groupId).setErrorCode(error.code());
    }

    private static OffsetFetchResponsePartitions answer(int index, OffsetEntry entry) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(index)
                .setCommittedOffset(entry.offset())
                .setCommittedLeaderEpoch(entry.leaderEpoch())
                .setMetadata(entry.metadata());
    }

    private static OffsetFetchResponsePartitions none(int index) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(index)
                .setCommittedOffset(NO_OFFSET)
                .setCommittedLeaderEpoch(NO_EPOCH)
                .setMetadata("");
    }
}
