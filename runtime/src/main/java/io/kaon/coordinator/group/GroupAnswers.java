// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.WriteResult;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.LeaveGroupResponse;
import io.kaon.wire.message.SyncGroupResponse;
import java.util.concurrent.CompletionStage;

/** Responses that only say what went wrong, and the turn of a log's error into what group clients understand. */
final class GroupAnswers {
    private static final int MAX_REASON_LENGTH = 255;

    private GroupAnswers() {}

    /** What a client gave as its reason (KIP-800), for the log: no longer than Kafka's own clients send it. */
    static String reason(String given) {
        if (given == null || given.isEmpty()) {
            return "no reason given";
        }
        return given.substring(0, Math.min(given.length(), MAX_REASON_LENGTH));
    }

    static JoinGroupResponse joinError(String memberId, ErrorCode error) {
        return new JoinGroupResponse().setMemberId(memberId).setErrorCode(error.code());
    }

    static SyncGroupResponse syncError(ErrorCode error) {
        return new SyncGroupResponse().setErrorCode(error.code()).setAssignment(ClassicMember.NO_ASSIGNMENT);
    }

    static HeartbeatResponse heartbeat(ErrorCode error) {
        return new HeartbeatResponse().setErrorCode(error.code());
    }

    static LeaveGroupResponse leaveError(ErrorCode error) {
        return new LeaveGroupResponse().setErrorCode(error.code());
    }

    /** Whether the log did not take the records: they are not replayed, and never will be. */
    static boolean isRefused(CompletionStage<WriteResult> written) {
        return written.toCompletableFuture().getNow(null) instanceof WriteResult.Failed;
    }

    /**
     * What a failed write of the log means to a member: come back soon, look for the coordinator again, or give up.
     *
     * @param tooLarge the answer when the records do not fit a batch
     */
    static ErrorCode ofWrite(ErrorCode logError, ErrorCode tooLarge) {
        switch (logError) {
            case UNKNOWN_TOPIC_OR_PARTITION:
            case NOT_ENOUGH_REPLICAS:
            case NOT_ENOUGH_REPLICAS_AFTER_APPEND:
            case REQUEST_TIMED_OUT:
                return ErrorCode.COORDINATOR_NOT_AVAILABLE;
            case NOT_LEADER_OR_FOLLOWER:
            case KAFKA_STORAGE_ERROR:
                return ErrorCode.NOT_COORDINATOR;
            case MESSAGE_TOO_LARGE:
            case RECORD_LIST_TOO_LARGE:
            case INVALID_FETCH_SIZE:
                return tooLarge;
            default:
                return logError;
        }
    }
}
