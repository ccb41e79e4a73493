// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What a heartbeat has to look like (KIP-848), whatever the group is. */
final class HeartbeatRules {
    static final int JOIN_EPOCH = 0;
    static final int LEAVE_EPOCH = -1;
    static final int STATIC_LEAVE_EPOCH = -2;
    /** From here on members name themselves. */
    private static final short CLIENT_IDS_VERSION = 1;

    private static final int UNSET = -1;
    private static final int MAX_KEY_BYTES = Short.MAX_VALUE;

    private final ConsumerGroupOptions options;

    HeartbeatRules(ConsumerGroupOptions options) {
        this.options = options;
    }

    /** The answer to a malformed request: INVALID_REQUEST or UNSUPPORTED_ASSIGNOR. */
    Optional<ConsumerGroupHeartbeatResponse> check(short version, ConsumerGroupHeartbeatRequest request) {
        boolean needsId = version >= CLIENT_IDS_VERSION
                || request.memberEpoch() > JOIN_EPOCH
                || request.memberEpoch() == LEAVE_EPOCH;
        if (needsId && isBlank(request.memberId())) {
            return invalid("A member id is needed.");
        }
        if (isBlank(request.groupId())) {
            return invalid("A group id is needed.");
        }
        if (request.instanceId() != null && isBlank(request.instanceId())) {
            return invalid("An instance id, if there is one, must not be empty.");
        }
        if (request.rackId() != null && isBlank(request.rackId())) {
            return invalid("A rack id, if there is one, must not be empty.");
        }
        if (isTooLong(request.groupId())
                || isTooLong(request.memberId())
                || request.subscribedTopicRegex() != null && isTooLong(request.subscribedTopicRegex())) {
            return invalid("A name or an expression is longer than " + MAX_KEY_BYTES + " bytes.");
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

    /** What a name must not be: nothing but control characters and spaces, as in Kafka. */
    private static boolean isBlank(String name) {
        return name.trim().isEmpty();
    }

    /** The keys of records hold no more, while a request may. */
    private static boolean isTooLong(String name) {
        return name.length() > MAX_KEY_BYTES / 4 && name.getBytes(StandardCharsets.UTF_8).length > MAX_KEY_BYTES;
    }

    private static Optional<ConsumerGroupHeartbeatResponse> invalid(String message) {
        return Optional.of(HeartbeatDecision.failed(ErrorCode.INVALID_REQUEST, message));
    }
}
