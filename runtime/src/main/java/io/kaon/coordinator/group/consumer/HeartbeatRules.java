// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.util.Optional;

/** What a heartbeat has to look like (KIP-848), whatever the group is. */
final class HeartbeatRules {
    static final int JOIN_EPOCH = 0;
    static final int LEAVE_EPOCH = -1;
    static final int STATIC_LEAVE_EPOCH = -2;
    /** From here on members name themselves. */
    private static final short CLIENT_IDS_VERSION = 1;

    private static final int UNSET = -1;

    private final ConsumerGroupOptions options;

    HeartbeatRules(ConsumerGroupOptions options) {
        this.options = options;
    }

    /** The answer to a malformed request: INVALID_REQUEST or UNSUPPORTED_ASSIGNOR. */
    Optional<ConsumerGroupHeartbeatResponse> check(short version, ConsumerGroupHeartbeatRequest request) {
        boolean needsId = version >= CLIENT_IDS_VERSION
                || request.memberEpoch() > JOIN_EPOCH
                || request.memberEpoch() == LEAVE_EPOCH;
        if (needsId && request.memberId().isEmpty()) {
            return invalid("A member id is needed.");
        }
        if (request.groupId().isEmpty()) {
            return invalid("A group id is needed.");
        }
        if ("".equals(request.instanceId())) {
            return invalid("An instance id, if there is one, must not be empty.");
        }
        if ("".equals(request.rackId())) {
            return invalid("A rack id, if there is one, must not be empty.");
        }
        if (request.memberEpoch() == JOIN_EPOCH) {
            Optional<ConsumerGroupHeartbeatResponse> wrong = checkJoin(request);
            if (wrong.isPresent()) {
                return wrong;
            }
        } else if (request.memberEpoch() == STATIC_LEAVE_EPOCH && request.instanceId() == null) {
            return invalid("Only a member with an instance id can leave for a while.");
        } else if (request.memberEpoch() < STATIC_LEAVE_EPOCH) {
            return invalid("There is no member epoch " + request.memberEpoch() + ".");
        }
        if (request.serverAssignor() != null && !options.assignors().contains(request.serverAssignor())) {
            return Optional.of(HeartbeatDecision.failed(
                    ErrorCode.UNSUPPORTED_ASSIGNOR,
                    "There is no assignor " + request.serverAssignor() + ", only "
                            + String.join(", ", options.assignors()) + "."));
        }
        return Optional.empty();
    }

    private static Optional<ConsumerGroupHeartbeatResponse> checkJoin(ConsumerGroupHeartbeatRequest request) {
        if (request.rebalanceTimeoutMs() == UNSET) {
            return invalid("The first heartbeat needs a rebalance timeout.");
        }
        if (request.topicPartitions() == null || !request.topicPartitions().isEmpty()) {
            return invalid("A member that joins owns no partitions, and says so.");
        }
        if (request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null) {
            return invalid("The first heartbeat needs topics or a regular expression.");
        }
        return Optional.empty();
    }

    private static Optional<ConsumerGroupHeartbeatResponse> invalid(String message) {
        return Optional.of(HeartbeatDecision.failed(ErrorCode.INVALID_REQUEST, message));
    }
}
