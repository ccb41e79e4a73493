// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.consumer.ConsumerGroup;
import io.kaon.coordinator.group.consumer.ConsumerGroupShard;
import io.kaon.coordinator.group.consumer.ConsumerGroupViews;
import io.kaon.coordinator.group.consumer.HeartbeatDecision;
import io.kaon.coordinator.group.consumer.MemberProfile.Client;
import io.kaon.wire.message.ConsumerGroupDescribeResponse.DescribedGroup;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The requests of the consumer protocol (KIP-848): finds, founds or takes over the group that has the id, lets the
 * consumer groups decide, writes. A group id has one group, of whichever protocol. Owned by the shard.
 */
final class ConsumerRequests {
    private final GroupContext context;
    private final Migrations migrations;
    private final ConsumerGroupShard consumers;

    ConsumerRequests(GroupContext context, Migrations migrations, ConsumerGroupShard consumers) {
        this.context = context;
        this.migrations = migrations;
        this.consumers = consumers;
    }

    CompletionStage<ConsumerGroupHeartbeatResponse> heartbeat(
            GroupRequest from, ConsumerGroupHeartbeatRequest request) {
        Optional<ConsumerGroupHeartbeatResponse> malformed = consumers.check(from.version(), request);
        if (malformed.isPresent()) {
            return CompletableFuture.completedStage(malformed.get());
        }
        Migrations.Ground ground = migrations.groundFor(request.groupId(), ConsumerGroupShard.joins(request));
        if (ground instanceof Migrations.NoGround none) {
            return CompletableFuture.completedStage(
                    ConsumerGroupShard.failed(ErrorCode.GROUP_ID_NOT_FOUND, none.message()));
        }
        Migrations.Ready ready = (Migrations.Ready) ground;
        HeartbeatDecision decision = consumers.decide(
                new Client(from.clientId(), from.clientHost()), from.mayDescribe(), request, ready.group());
        if (decision.isRefused()) {
            return CompletableFuture.completedStage(decision.response());
        }
        List<GroupRecord> records = new ArrayList<>(ready.records());
        decision.records().forEach(record -> records.add(new GroupRecord.Modern(record)));
        CompletionStage<WriteResult> written = context.writer().write(records);
        if (!GroupAnswers.isRefused(written)) {
            consumers.onWritten(request.groupId(), decision);
        }
        return written.thenApply(result -> {
            if (result instanceof WriteResult.Failed failed) {
                consumers.onFailed(request.groupId());
                return ConsumerGroupShard.failed(
                        GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR), null);
            }
            return decision.response();
        });
    }

    /** What is shown is committed when it is answered. */
    CompletionStage<DescribedGroup> describe(String groupId) {
        Optional<ConsumerGroup> group = consumers.groups().find(groupId);
        if (group.isEmpty()) {
            return CompletableFuture.completedStage(ConsumerGroupViews.failed(
                    groupId, ErrorCode.GROUP_ID_NOT_FOUND, "There is no consumer group " + groupId + "."));
        }
        DescribedGroup described = consumers.describe(group.get());
        return context.writer()
                .write(List.of())
                .thenApply(result -> result instanceof WriteResult.Failed failed
                        ? ConsumerGroupViews.failed(
                                groupId, GroupAnswers.ofWrite(failed.error(), ErrorCode.UNKNOWN_SERVER_ERROR), null)
                        : described);
    }
}
