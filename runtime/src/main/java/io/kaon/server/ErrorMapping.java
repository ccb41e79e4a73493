// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.record.MalformedBatchException;
import io.kaon.replication.PartitionUnavailable;
import io.kaon.wire.MalformedFrameException;
import io.kaon.wire.UnsupportedFieldException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;

/** The one place that turns exceptions into protocol error codes. */
public final class ErrorMapping {
    private ErrorMapping() {}

    /** The code for what a handler or something below it has thrown; UNKNOWN_SERVER_ERROR only for a defect of ours. */
    public static ErrorCode codeOf(Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof PartitionUnavailable unavailable) {
            return unavailable.error();
        }
        if (cause instanceof IOException || cause instanceof UncheckedIOException) {
            return ErrorCode.KAFKA_STORAGE_ERROR;
        }
        if (cause instanceof MalformedBatchException) {
            return ErrorCode.CORRUPT_MESSAGE;
        }
        if (cause instanceof UnsupportedFieldException) {
            return ErrorCode.UNSUPPORTED_VERSION;
        }
        if (cause instanceof IllegalArgumentException || cause instanceof MalformedFrameException) {
            return ErrorCode.INVALID_REQUEST;
        }
        if (cause instanceof TimeoutException || cause instanceof RejectedExecutionException) {
            // Work is refused only while the broker closes: a retriable code sends the client elsewhere or back later.
            return ErrorCode.REQUEST_TIMED_OUT;
        }
        return ErrorCode.UNKNOWN_SERVER_ERROR;
    }

    /** What was thrown, without the wrappers that futures put around it. */
    public static Throwable unwrapped(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
