// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;

/**
 * What became of a DeleteRecords for one partition.
 *
 * @param error NONE, OFFSET_OUT_OF_RANGE, KAFKA_STORAGE_ERROR or NOT_LEADER_OR_FOLLOWER
 * @param lowWatermark the log start offset afterwards; −1 with an error
 */
public record DeleteRecordsOutcome(ErrorCode error, long lowWatermark) {
    static DeleteRecordsOutcome failed(ErrorCode error) {
        return new DeleteRecordsOutcome(error, -1);
    }
}
