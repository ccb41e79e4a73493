// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroups;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupRequest;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The requests of the classic protocol: to the classic group that has the id, or to the consumer group, in which its
 * members may live as well. Owned by the shard.
 */
final class ClassicRequests {
    private final ConsumerGroups consumerGroups;
    private final Joining joining;
    private final Syncing syncing;
    private final Leaving leaving;
    private final MixedGroups mixed;
    private final Migrations migrations;

    ClassicRequests(
            ConsumerGroups consumerGroups,
            Joining joining,
            Syncing syncing,
            Leaving leaving,
            MixedGroups mixed,
            Migrations migrations) {
        this.consumerGroups = consumerGroups;
        this.joining = joining;
        this.syncing = syncing;
        this.leaving = leaving;
        this.mixed = mixed;
        this.migrations = migrations;
    }

    CompletionStage<JoinGroupResponse> join(GroupRequest from, JoinGroupRequest request) {
        Optional<ConsumerGroup> modern = consumerGroups.find(request.groupId());
        if (modern.isEmpty()) {
            return joining.join(from, request);
        }
        if (!modern.get().isEmpty()) {
            return mixed.join(modern.get(), from, request);
        }
        ErrorCode error = joining.checkFounder(request);
        if (error == ErrorCode.NONE && !migrations.takeOver(request.groupId())) {
            error = ErrorCode.COORDINATOR_NOT_AVAILABLE;
        }
        return error == ErrorCode.NONE
                ? joining.join(from, request)
                : CompletableFuture.completedStage(GroupAnswers.joinError(request.memberId(), error));
    }

    CompletionStage<SyncGroupResponse> sync(GroupRequest from, SyncGroupRequest request) {
        Optional<ConsumerGroup> modern = consumerGroups.find(request.groupId());
        return modern.isPresent() ? mixed.sync(modern.get(), from, request) : syncing.sync(from, request);
    }

    CompletionStage<HeartbeatResponse> heartbeat(HeartbeatRequest request) {
        return CompletableFuture.completedStage(consumerGroups
                .find(request.groupId())
                .map(modern -> mixed.heartbeat(modern, request))
                .orElseGet(() -> syncing.heartbeat(request)));
    }

    /**
     * In a classic group answered at once: that it has become empty is not worth waiting for; a lost record makes its
     * ghosts time out.
     */
    CompletionStage<LeaveGroupResponse> leave(GroupRequest from, LeaveGroupRequest request) {
        Optional<ConsumerGroup> modern = consumerGroups.find(request.groupId());
        return modern.isPresent()
                ? mixed.leave(modern.get(), from, request)
                : CompletableFuture.completedStage(leaving.leave(from, request));
    }
}
