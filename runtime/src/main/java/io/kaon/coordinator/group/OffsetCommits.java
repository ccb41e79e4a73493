// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetCommitResponse.OffsetCommitResponsePartition;
import io.kaon.wire.message.OffsetCommitResponse.OffsetCommitResponseTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Decides OffsetCommit (api 8). Two kinds of clients commit: members of a group, who must be of its present generation,
 * and clients that only keep offsets here (generation −1, no member id), who may as long as the group has no members.
 */
final class OffsetCommits {
    private static final long UNSET = -1;
    /** Version 0 knew neither membership nor coordinators (C29). */
    private static final short MEMBERSHIP_VERSION = 1;
    /**
     * From here on a commit to a group that does not exist says so; before, the generation is what is wrong (KIP-848).
     */
    private static final short GROUP_ID_NOT_FOUND_VERSION = 9;

    private final GroupOptions options;
    private final Memberships memberships;

    OffsetCommits(GroupOptions options, Memberships memberships) {
        this.options = options;
        this.memberships = memberships;
    }

    Decision<OffsetCommitResponse> decide(short version, OffsetCommitRequest request, long nowMs) {
        ErrorCode error = check(version, request);
        if (error != ErrorCode.NONE) {
            return new Decision<>(List.of(), failed(request, error));
        }
        long expireTimestampMs = expireTimestampMs(request.retentionTimeMs(), nowMs);
        List<GroupRecord> records = new ArrayList<>();
        OffsetCommitResponse response = new OffsetCommitResponse();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            OffsetCommitResponseTopic answers = answersOf(topic);
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode refusal = refusal(options, partition.partitionIndex(), partition.committedMetadata());
                answers.partitions().add(answer(partition, refusal));
                if (refusal == ErrorCode.NONE) {
                    records.add(new GroupRecord.OffsetCommitted(
                            request.groupId(),
                            new TopicPartition(topic.name(), partition.partitionIndex()),
                            toEntry(partition, nowMs, expireTimestampMs, topic.topicId())));
                }
            }
            response.topics().add(answers);
        }
        return new Decision<>(records, response);
    }

    /** The same error for every partition. */
    static OffsetCommitResponse failed(OffsetCommitRequest request, ErrorCode error) {
        OffsetCommitResponse response = new OffsetCommitResponse();
        for (OffsetCommitRequestTopic topic : request.topics()) {
            OffsetCommitResponseTopic answers = answersOf(topic);
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                answers.partitions().add(answer(partition, error));
            }
            response.topics().add(answers);
        }
        return response;
    }

    private ErrorCode check(short version, OffsetCommitRequest request) {
        if (version < MEMBERSHIP_VERSION) {
            return ErrorCode.NONE;
        }
        int epoch = request.generationIdOrMemberEpoch();
        Optional<MemberCheck> group = memberships.find(request.groupId());
        if (group.isEmpty()) {
            return memberships.withoutGroup(request.groupId(), epoch, version >= GROUP_ID_NOT_FOUND_VERSION);
        }
        ErrorCode error = group.get().onCommit(request.memberId(), request.groupInstanceId(), epoch, version);
        return error == ErrorCode.NONE ? checkPartitions(group.get(), request) : error;
    }

    /** A partition that is not the member's any more refuses them all. */
    private static ErrorCode checkPartitions(MemberCheck group, OffsetCommitRequest request) {
        for (OffsetCommitRequestTopic topic : request.topics()) {
            for (OffsetCommitRequestPartition partition : topic.partitions()) {
                ErrorCode error = group.onPartition(
                        request.memberId(),
                        request.generationIdOrMemberEpoch(),
                        topic.topicId(),
                        partition.partitionIndex());
                if (error != ErrorCode.NONE) {
                    return error;
                }
            }
        }
        return ErrorCode.NONE;
    }

    /** What is wrong with one partition of a commit, whoever commits. */
    static ErrorCode refusal(GroupOptions options, int partition, String metadata) {
        if (metadata != null && metadata.length() > options.offsetMetadataMaxBytes()) {
            return ErrorCode.OFFSET_METADATA_TOO_LARGE;
        }
        // A negative index cannot be a partition; the server has refused topics that do not exist.
        return partition < 0 ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE;
    }

    private static OffsetEntry toEntry(
            OffsetCommitRequestPartition partition, long nowMs, long expireTimestampMs, Uuid topicId) {
        String metadata = partition.committedMetadata() == null ? "" : partition.committedMetadata();
        long commitTimestampMs = partition.commitTimestamp() == UNSET ? nowMs : partition.commitTimestamp();
        return new OffsetEntry(
                partition.committedOffset(),
                partition.committedLeaderEpoch(),
                metadata,
                commitTimestampMs,
                expireTimestampMs,
                topicId,
                OffsetEntry.UNWRITTEN);
    }

    /** The client may ask for "for ever", which is not to become a time long gone. */
    private static long expireTimestampMs(long retentionTimeMs, long nowMs) {
        if (retentionTimeMs == UNSET) {
            return OffsetEntry.NO_EXPIRE_TIMESTAMP;
        }
        return retentionTimeMs > Long.MAX_VALUE - nowMs ? Long.MAX_VALUE : nowMs + retentionTimeMs;
    }

    private static OffsetCommitResponseTopic answersOf(OffsetCommitRequestTopic topic) {
        return new OffsetCommitResponseTopic().setName(topic.name()).setTopicId(topic.topicId());
    }

    private static OffsetCommitResponsePartition answer(OffsetCommitRequestPartition partition, ErrorCode error) {
        return new OffsetCommitResponsePartition()
                .setPartitionIndex(partition.partitionIndex())
                .setErrorCode(error.code());
    }
}
