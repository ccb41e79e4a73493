// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import io.kaon.common.ErrorCode;
import java.util.List;

/**
 * Batches that must not be appended.
 *
 * @param code what the client is answered
 * @param message why, for the client's log
 * @param recordErrors which records were at fault (Produce 8 and later); empty if the batch as a whole was
 */
public record InvalidBatches(ErrorCode code, String message, List<RecordError> recordErrors)
        implements ValidationOutcome {
    public InvalidBatches {
        recordErrors = List.copyOf(recordErrors);
    }

    static InvalidBatches of(ErrorCode code, String message) {
        return new InvalidBatches(code, message, List.of());
    }
}
