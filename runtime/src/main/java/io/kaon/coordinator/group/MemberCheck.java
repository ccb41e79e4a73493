// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;

/**
 * What a kind of group says to somebody who commits or fetches offsets as its member. Reads only. Member and instance
 * ids are as requests have them: "" for nobody, and null for a dynamic member.
 */
interface MemberCheck {
    /** Whether the group has no members at present. */
    boolean isEmpty();

    /**
     * OffsetCommit: NONE, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID, ILLEGAL_GENERATION, STALE_MEMBER_EPOCH,
     * REBALANCE_IN_PROGRESS, UNSUPPORTED_VERSION.
     *
     * @param epoch of the member, or its generation; negative for neither
     * @param version of the request
     */
    ErrorCode onCommit(String memberId, String instanceId, int epoch, short version);

    /** TxnOffsetCommit: as above, but transactions may commit while the group rebalances. */
    ErrorCode onTransactionalCommit(String memberId, String instanceId, int epoch);

    /** Whether the member may commit this partition; asked where the above said NONE. */
    default ErrorCode onPartition(String memberId, int epoch, Uuid topicId, int partition) {
        return ErrorCode.NONE;
    }

    /** OffsetFetch from version 9 on: NONE, UNKNOWN_MEMBER_ID, STALE_MEMBER_EPOCH, ILLEGAL_GENERATION. */
    default ErrorCode onFetch(String memberId, int epoch) {
        return ErrorCode.NONE;
    }

    /** Whether a member reads the topic, as far as can be told: its offsets are not to be deleted. */
    boolean isSubscribedTo(String topic);
}
