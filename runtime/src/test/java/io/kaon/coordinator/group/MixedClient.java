// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.SESSION_MS;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetCommitResponse;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A well-behaved consumer of either protocol, one step at a time: what a Kafka consumer does with each answer. */
abstract class MixedClient {
    final GroupFixture fixture;
    final MixedHistory history;
    /** Empty for a dynamic member. */
    final String instanceId;
    /** Partitions of {@code topic-0} that this process believes to be its own. */
    final SortedSet<Integer> owned = new TreeSet<>();

    String memberId = "";
    /** The generation, or the member's epoch. */
    int epoch = -1;

    private long heardMs;
    private int failovers;
    private long answeredMs;
    private int answeredFailovers;

    MixedClient(GroupFixture fixture, MixedHistory history, String instanceId) {
        this.fixture = fixture;
        this.history = history;
        this.instanceId = instanceId;
    }

    /** Takes the answer that it waits for, or does what comes next. */
    abstract void step();

    abstract boolean isStable();

    /** Whether a Kafka consumer would commit now: not between a join and the assignment that follows it. */
    abstract boolean canCommit();

    /** It leaves as its protocol wants it. Whoever owned it does not use it afterwards. */
    abstract void leave();

    abstract String describe();

    /** Remembers when the coordinator answered, which is before the client gets round to reading it. */
    final <T> CompletableFuture<T> answered(CompletionStage<T> answer) {
        return answer.thenApply(response -> {
                    answeredMs = fixture.time.wallMs();
                    answeredFailovers = history.failovers();
                    return response;
                })
                .toCompletableFuture();
    }

    /** The coordinator took it for a member with its last answer. */
    final void onAccepted() {
        heardMs = answeredMs;
        failovers = answeredFailovers;
    }

    /** C10: who is heard and has been a member under this coordinator is known to it. */
    final void onUnknown() {
        boolean isExcused = epoch <= 0
                || failovers != history.failovers()
                || fixture.time.wallMs() - heardMs >= SESSION_MS / 2
                || history.isExcused(this);
        assertThat(isExcused)
                .as("%s is a member, and is told that it is unknown", describe())
                .isTrue();
    }

    /** Commits an offset of a partition; the future says whether it was acknowledged. */
    final CompletableFuture<ErrorCode> commit(int partition) {
        long offset = history.nextOffset();
        OffsetCommitRequest request = new OffsetCommitRequest()
                .setGroupId(GroupFixture.GROUP)
                .setGenerationIdOrMemberEpoch(epoch)
                .setMemberId(memberId)
                .setGroupInstanceId(orNull())
                .setTopics(List.of(new OffsetCommitRequestTopic()
                        .setName("topic-0")
                        .setPartitions(List.of(new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)))));
        history.onCommitSent(partition, offset);
        return fixture.commit(9, request).thenApply(response -> acknowledged(partition, offset, response));
    }

    private ErrorCode acknowledged(int partition, long offset, OffsetCommitResponse response) {
        ErrorCode error = GroupFixture.errorOf(response);
        if (error == ErrorCode.NONE) {
            history.onCommitAcknowledged(partition, offset);
        }
        return error;
    }

    final String orNull() {
        return instanceId.isEmpty() ? null : instanceId;
    }
}
