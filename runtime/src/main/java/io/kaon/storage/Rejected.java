// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.ErrorCode;
import io.kaon.record.RecordError;
import java.util.List;

/**
 * Nothing was appended.
 *
 * @param code what to tell the client
 * @param message why, for the client's log
 * @param recordErrors the records at fault, where single ones are
 */
public record Rejected(ErrorCode code, String message, List<RecordError> recordErrors) implements AppendResult {
    public Rejected {
        recordErrors = List.copyOf(recordErrors);
    }

    static Rejected of(ErrorCode code, String message) {
        return new Rejected(code, message, List.of());
    }
}
