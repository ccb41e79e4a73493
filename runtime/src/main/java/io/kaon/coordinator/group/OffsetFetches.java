// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.TopicImage;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseGroup;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Answers OffsetFetch (api 9), one group at a time, in the shape of versions 8 and up. From the committed position, or
 * for those who require stable offsets (KIP-447) from the newest one: the answer is then held until that is committed,
 * and offsets that wait for the end of a transaction are refused.
 */
final class OffsetFetches {
    static final long NO_OFFSET = -1;
    private static final int NO_EPOCH = -1;

    private final OffsetStore offsets;
    private final Memberships memberships;
    private final Supplier<ClusterImage> images;

    /** @param images the topics that there are: what was committed for an earlier one of the name is nobody's (S12) */
    OffsetFetches(OffsetStore offsets, Memberships memberships, Supplier<ClusterImage> images) {
        this.offsets = offsets;
        this.memberships = memberships;
        this.images = images;
    }

    /** What the request names, as of the committed position; everything the group has if it names nothing. */
    OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request) {
        return fetch(request, false);
    }

    /** As of the newest record: to be answered when that is committed. */
    OffsetFetchResponseGroup fetchStable(OffsetFetchRequestGroup request) {
        return fetch(request, true);
    }

    private OffsetFetchResponseGroup fetch(OffsetFetchRequestGroup request, boolean stable) {
        ErrorCode error = memberships
                .find(request.groupId())
                .map(group -> group.onFetch(request.memberId(), request.memberEpoch()))
                .orElse(ErrorCode.NONE);
        if (error != ErrorCode.NONE) {
            return failed(request.groupId(), error);
        }
        OffsetFetchResponseGroup response = new OffsetFetchResponseGroup().setGroupId(request.groupId());
        if (request.topics() == null) {
            fetchAll(request.groupId(), stable, response);
            return response;
        }
        for (OffsetFetchRequestTopics topic : request.topics()) {
            OffsetFetchResponseTopics answers =
                    new OffsetFetchResponseTopics().setName(topic.name()).setTopicId(topic.topicId());
            Uuid topicId = topic.topicId().equals(Uuid.ZERO) ? idOf(topic.name()) : topic.topicId();
            for (int index : topic.partitionIndexes()) {
                answers.partitions().add(fetch(request.groupId(), topic.name(), topicId, index, stable));
            }
            response.topics().add(answers);
        }
        return response;
    }

    private Uuid idOf(String topic) {
        return images.get().topic(topic).map(TopicImage::id).orElse(Uuid.ZERO);
    }

    private OffsetFetchResponsePartitions fetch(String groupId, String topic, Uuid topicId, int index, boolean stable) {
        if (index < 0) {
            return none(index);
        }
        TopicPartition partition = new TopicPartition(topic, index);
        if (stable && offsets.transactions().isPending(groupId, partition)) {
            return unstable(index);
        }
        Optional<OffsetEntry> entry =
                stable ? offsets.latest(groupId, partition) : offsets.committed(groupId, partition);
        return entry.filter(found -> !found.isOfAnotherTopic(topicId))
                .map(found -> answer(index, found))
                .orElseGet(() -> none(index));
    }

    private void fetchAll(String groupId, boolean stable, OffsetFetchResponseGroup response) {
        Map<TopicPartition, OffsetEntry> sorted = new TreeMap<>();
        if (stable) {
            offsets.forEachLatest(groupId, sorted::put);
        } else {
            offsets.forEachCommitted(groupId, sorted::put);
        }
        OffsetFetchResponseTopics answers = new OffsetFetchResponseTopics();
        Uuid topicId = Uuid.ZERO;
        String topic = "";
        for (Map.Entry<TopicPartition, OffsetEntry> entry : sorted.entrySet()) {
            TopicPartition partition = entry.getKey();
            if (!partition.topic().equals(topic)) {
                topic = partition.topic();
                topicId = idOf(topic);
            }
            if (entry.getValue().isOfAnotherTopic(topicId)) {
                continue;
            }
            if (!topic.equals(answers.name())) {
                answers = new OffsetFetchResponseTopics().setName(topic);
                response.topics().add(answers);
            }
            boolean isUnstable = stable && offsets.transactions().isPending(groupId, partition);
            answers.partitions()
                    .add(
                            isUnstable
                                    ? unstable(partition.partition())
                                    : answer(partition.partition(), entry.getValue()));
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

    private static OffsetFetchResponsePartitions unstable(int index) {
        return none(index).setErrorCode(ErrorCode.UNSTABLE_OFFSET_COMMIT.code());
    }

    private static OffsetFetchResponsePartitions none(int index) {
        return new OffsetFetchResponsePartitions()
                .setPartitionIndex(index)
                .setCommittedOffset(NO_OFFSET)
                .setCommittedLeaderEpoch(NO_EPOCH)
                .setMetadata("");
    }
}
