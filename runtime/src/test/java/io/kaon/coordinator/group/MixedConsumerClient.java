// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static io.kaon.coordinator.group.GroupFixture.REBALANCE_MS;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest.TopicPartitions;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Speaks the consumer protocol: one heartbeat at a time, which says what it owns. */
final class MixedConsumerClient extends MixedClient {
    private static final int LEAVES = -1;
    private static final int LEAVES_FOR_A_WHILE = -2;

    private Optional<CompletableFuture<ConsumerGroupHeartbeatResponse>> heartbeat = Optional.empty();
    private boolean stable;

    /** @param processId its member id, which it makes itself */
    MixedConsumerClient(GroupFixture fixture, MixedHistory history, String instanceId, String processId) {
        super(fixture, history, instanceId);
        memberId = processId;
        epoch = 0;
    }

    @Override
    boolean isStable() {
        return stable;
    }

    @Override
    boolean canCommit() {
        return true;
    }

    @Override
    String describe() {
        return "consumer " + memberId + " in " + epoch + " owns " + owned;
    }

    @Override
    void step() {
        if (heartbeat.isEmpty()) {
            heartbeat = Optional.of(send(epoch));
        }
        if (heartbeat.get().isDone()) {
            ConsumerGroupHeartbeatResponse response = fixture.done(heartbeat.get());
            heartbeat = Optional.empty();
            onAnswer(response);
        }
    }

    @Override
    void leave() {
        owned.clear();
        send(instanceId.isEmpty() ? LEAVES : LEAVES_FOR_A_WHILE);
    }

    private CompletableFuture<ConsumerGroupHeartbeatResponse> send(int memberEpoch) {
        ConsumerGroupHeartbeatRequest request = new ConsumerGroupHeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(memberEpoch)
                .setInstanceId(orNull())
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setSubscribedTopicNames(List.of("topic-0"))
                .setTopicPartitions(
                        owned.isEmpty()
                                ? List.of()
                                : List.of(new TopicPartitions()
                                        .setTopicId(ConsumerBytes.idOf(0))
                                        .setPartitions(List.copyOf(owned))));
        return answered(fixture.coordinator.consumerGroupHeartbeat(fixture.from(1), request));
    }

    private void onAnswer(ConsumerGroupHeartbeatResponse response) {
        ErrorCode error = ErrorCode.of(response.errorCode());
        switch (error) {
            case NONE:
                onAccepted();
                epoch = response.memberEpoch();
                stable = true;
                if (response.assignment() != null) {
                    owned.clear();
                    response.assignment().topicPartitions().forEach(topic -> owned.addAll(topic.partitions()));
                }
                break;
            case COORDINATOR_NOT_AVAILABLE:
            case COORDINATOR_LOAD_IN_PROGRESS:
            case NOT_COORDINATOR:
                break;
            case UNKNOWN_MEMBER_ID:
                onUnknown();
                lose();
                break;
            case FENCED_MEMBER_EPOCH:
            case FENCED_INSTANCE_ID:
            case UNRELEASED_INSTANCE_ID:
            case GROUP_ID_NOT_FOUND:
                lose();
                break;
            default:
                throw new AssertionError("a client does not expect " + error);
        }
    }

    private void lose() {
        owned.clear();
        epoch = 0;
        stable = false;
    }
}
