// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.ApiTable;
import io.kaon.server.RandomRequests;
import io.kaon.server.Reply;
import io.kaon.server.SampleMessages;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.message.ApiKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every version that is advertised gives an answer that can be written in that version, and none is a defect (R6). */
class EveryApiTest {
    private static final int LONGEST_WAIT_MS = 600_000;
    private static final int REQUESTS_PER_VERSION = 25;
    private static final int SHORT_WAIT_MS = 5_000;
    private static final int REAL_WAIT_MS = 100;

    @TempDir
    static Path data;

    private static TestBroker broker;
    private static Uuid topicId;

    @BeforeAll
    static void start() {
        broker = new TestBroker(data);
        broker.create("x", 2);
        topicId = broker.idOf("x");
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    static Stream<Arguments> everyAdvertisedVersion() {
        return ApiTable.standard().all().stream()
                .flatMap(api -> IntStream.rangeClosed(api.oldestVersion(), api.newestVersion())
                        .mapToObj(version -> Arguments.of(api.key(), (short) version)));
    }

    @ParameterizedTest
    @MethodSource("everyAdvertisedVersion")
    void shouldAnswerARequestWithDefaults(ApiKey api, short version) {
        // Given
        ApiMessage request = api.newRequest();

        // When
        Reply reply = replyTo(api, version, request);

        // Then
        assertWritable(api, version, reply);
    }

    @ParameterizedTest
    @MethodSource("everyAdvertisedVersion")
    void shouldAnswerARequestWithOneOfEach(ApiKey api, short version) {
        // Given
        ApiMessage request = SampleMessages.request(api);

        // When
        Reply reply = replyTo(api, version, request);

        // Then
        assertWritable(api, version, reply);
    }

    @ParameterizedTest
    @MethodSource("everyAdvertisedVersion")
    void shouldAnswerSenselessRequests(ApiKey api, short version) {
        long seed = 1000L * api.id() + version;
        RandomRequests requests = new RandomRequests(
                seed,
                List.of(
                        "x",
                        "x",
                        "",
                        "y",
                        "__transaction_state",
                        "5",
                        "a b",
                        "cleanup.policy",
                        "compact",
                        "retention.ms"),
                List.of(topicId, Uuid.ZERO));
        for (int count = 0; count < REQUESTS_PER_VERSION; count++) {
            // Given
            Optional<ApiMessage> request = requests.next(api, version);

            // When / Then
            if (request.isPresent()) {
                Reply reply = replyOrTimeout(api, version, request.get());
                assertThat(assertWritable(api, version, reply))
                        .as("seed %s, request %s", seed, count)
                        .isTrue();
            }
        }
    }

    private static Reply replyTo(ApiKey api, short version, ApiMessage request) {
        CompletionStage<Reply> reply = broker.start(api, version, request);
        broker.time.advance(LONGEST_WAIT_MS);
        return TestBroker.reply(reply);
    }

    /** A member may wait for others for ever, if it asks for that; then there is no answer to look at. */
    private static Reply replyOrTimeout(ApiKey api, short version, ApiMessage request) {
        boolean mayWait = api == ApiKey.JOIN_GROUP || api == ApiKey.SYNC_GROUP;
        CompletionStage<Reply> reply = broker.startHurried(api, version, request);
        if (mayWait) {
            broker.time.advance(SHORT_WAIT_MS);
            return TestBroker.reply(reply.toCompletableFuture()
                    .completeOnTimeout(new Reply.Answer(api.newResponse()), REAL_WAIT_MS, TimeUnit.MILLISECONDS));
        }
        return TestBroker.reply(reply);
    }

    private static boolean assertWritable(ApiKey api, short version, Reply reply) {
        if (reply instanceof Reply.Answer answer) {
            BufferWriter out = new BufferWriter();
            answer.message().write(out, version);
            BufferReader in = new BufferReader(out.toBuffer());
            ApiMessage readBack = api.newResponse();
            readBack.read(in, version);
            in.requireFullyRead();
            assertThat(SampleMessages.errorCodes(answer.message()))
                    .doesNotContain(ErrorCode.UNKNOWN_SERVER_ERROR.code());
        } else {
            assertThat(api).isEqualTo(ApiKey.PRODUCE);
        }
        return true;
    }
}
