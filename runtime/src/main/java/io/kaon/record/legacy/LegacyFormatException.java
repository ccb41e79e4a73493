// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import io.kaon.common.ErrorCode;
import io.kaon.record.MalformedBatchException;

/** Bytes that are no message set, with the error that a broker answers. No stack trace, as its parent. */
final class LegacyFormatException extends MalformedBatchException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    LegacyFormatException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    static LegacyFormatException corrupt(String message) {
        return new LegacyFormatException(ErrorCode.CORRUPT_MESSAGE, message);
    }

    static LegacyFormatException invalid(String message) {
        return new LegacyFormatException(ErrorCode.INVALID_RECORD, message);
    }

    ErrorCode code() {
        return code;
    }
}
