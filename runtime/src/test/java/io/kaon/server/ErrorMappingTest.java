// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.InvariantViolation;
import io.kaon.wire.MalformedFrameException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorMappingTest {
    static Stream<Arguments> failures() {
        IOException io = new IOException("the disk is gone");
        return Stream.of(
                Arguments.of(io, ErrorCode.KAFKA_STORAGE_ERROR),
                Arguments.of(new UncheckedIOException(io), ErrorCode.KAFKA_STORAGE_ERROR),
                Arguments.of(new CompletionException(new ExecutionException(io)), ErrorCode.KAFKA_STORAGE_ERROR),
                Arguments.of(new IllegalArgumentException("wrong"), ErrorCode.INVALID_REQUEST),
                Arguments.of(new MalformedFrameException(3, "wrong"), ErrorCode.INVALID_REQUEST),
                Arguments.of(new TimeoutException(), ErrorCode.REQUEST_TIMED_OUT),
                Arguments.of(new RejectedExecutionException(), ErrorCode.REQUEST_TIMED_OUT),
                Arguments.of(new InvariantViolation("our fault"), ErrorCode.UNKNOWN_SERVER_ERROR));
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldMapEveryExpectedFailureToATypedError(Throwable failure, ErrorCode expected) {
        assertThat(ErrorMapping.codeOf(failure)).isEqualTo(expected);
    }
}
