// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.message.ApiKey;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorResponsesTest {
    private static final short CODE = ErrorCode.INVALID_REQUEST.code();

    static Stream<Arguments> everyVersion() {
        return Arrays.stream(ApiKey.values())
                .flatMap(api -> IntStream.rangeClosed(api.oldestVersion(), api.latestVersion())
                        .mapToObj(version -> Arguments.of(api, (short) version)));
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void shouldCarryTheErrorInEveryApiAndVersion(ApiKey api, short version) {
        // Given
        ApiMessage request = SampleMessages.request(api);

        // When
        ApiMessage response = ErrorResponses.of(request, version, ErrorCode.INVALID_REQUEST);
        ApiMessage readBack = readBack(api, version, response);

        // Then
        List<Short> codes = new ArrayList<>(SampleMessages.errorCodes(readBack));
        codes.removeIf(code -> code == 0);
        assertThat(response.apiKey()).isEqualTo(api.id());
        assertThat(codes).isNotEmpty().containsOnly(CODE);
    }

    @ParameterizedTest
    @MethodSource("everyVersion")
    void shouldAnswerAnEmptyRequestWellFormed(ApiKey api, short version) {
        // Given
        ApiMessage request = api.newRequest();

        // When
        ApiMessage response = ErrorResponses.of(request, version, ErrorCode.REQUEST_TIMED_OUT);

        // Then
        assertThat(readBack(api, version, response).apiKey()).isEqualTo(api.id());
    }

    private static ApiMessage readBack(ApiKey api, short version, ApiMessage response) {
        BufferWriter out = new BufferWriter();
        response.write(out, version);
        ByteBuffer bytes = out.toBuffer();
        BufferReader in = new BufferReader(bytes);
        ApiMessage readBack = api.newResponse();
        readBack.read(in, version);
        in.requireFullyRead();
        return readBack;
    }
}
