// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.network.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.server.ApiListing;
import io.kaon.server.ApiTable;
import io.kaon.server.Reply;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One connection: order, pressure, and what happens to bytes that are no request. */
class ClientChannelTest {
    private static final short V9 = 9;
    private static final short V4 = 4;
    private static final short V12 = 12;
    private static final NetworkOptions OPTIONS = NetworkOptions.defaults();

    private final FakeRouter router = new FakeRouter();

    @Test
    void shouldServeARequestThatComesByteByByte() throws Exception {
        // Given
        byte[] frame = RawClient.frame(3, new MetadataRequest(), V9);
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            for (byte next : frame) {
                client.send(new byte[] {next});
            }
            // Then
            assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(3);
        }
    }

    @Test
    void shouldAnswerAThousandPipelinedRequestsInOrder() throws Exception {
        // Given
        router.hold(ApiKey.METADATA);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            all.writeBytes(RawClient.frame(i, new MetadataRequest(), V9));
        }
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(all.toByteArray());
            Thread answering = new Thread(() -> answerBackwardsInPairs(1000));
            answering.start();
            // Then
            for (int i = 0; i < 1000; i++) {
                assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(i);
            }
            answering.join();
            eventually("nothing is held", () -> server.server.inFlightBytes() == 0);
        }
    }

    private void answerBackwardsInPairs(int count) {
        for (int i = 0; i < count; i += 2) {
            int last = i + 1;
            eventually("two more arrive", () -> router.seen().size() > last);
            router.seen().get(last).answer(new MetadataResponse());
            router.seen().get(last - 1).answer(new MetadataResponse());
        }
    }

    @Test
    void shouldStopReadingWhenTooManyRequestsAreInFlight() throws Exception {
        // Given
        router.hold(ApiKey.METADATA);
        NetworkOptions few = OPTIONS.withInFlight(new NetworkOptions.InFlightLimits(10, 1000, 100_000));
        byte[] frame = RawClient.frame(1, new MetadataRequest(), V9);
        try (TestServer server = new TestServer(few, router);
                RawClient client = server.connect()) {
            // When
            for (int i = 0; i < 10; i++) {
                client.send(frame);
            }
            eventually("ten are there", () -> router.seen().size() == 10);
            for (int i = 0; i < 1000; i++) {
                client.send(frame);
            }
            // Then
            try (RawClient other = server.connect()) {
                other.send(2, new HeartbeatRequest(), V4);
                assertThat(other.read(ApiKey.HEARTBEAT, V4).correlationId()).isEqualTo(2);
            }
            assertThat(router.seen().size()).isLessThanOrEqualTo(12);
            AtomicInteger answered = new AtomicInteger();
            while (answered.get() < 1010) {
                eventually("more come", () -> router.seen().stream()
                        .anyMatch(seen -> seen.context().api() == ApiKey.METADATA
                                && !seen.reply().isDone()));
                router.seen().stream().filter(seen -> !seen.reply().isDone()).forEach(seen -> {
                    answered.incrementAndGet();
                    seen.answer(new MetadataResponse());
                });
            }
            for (int i = 0; i < 1010; i++) {
                assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
            }
        }
    }

    @Test
    void shouldStopWorkingForAPeerThatDoesNotRead() throws Exception {
        // Given
        byte[] records = new byte[300_000];
        router.on(ApiKey.FETCH, (context, request) -> Reply.now(fetched(records)));
        int wanted = 400;
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (int i = 0; i < wanted; i++) {
            all.writeBytes(RawClient.frame(i, new FetchRequest(), V12));
        }
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient slow = server.connect();
                RawClient other = server.connect()) {
            // When
            slow.send(all.toByteArray());
            eventually("it begins", () -> !router.seen().isEmpty());
            int before = -1;
            while (before != router.seen().size()) {
                before = router.seen().size();
                for (int i = 0; i < 50; i++) {
                    other.send(i, new HeartbeatRequest(), V4);
                    assertThat(other.read(ApiKey.HEARTBEAT, V4).correlationId()).isEqualTo(i);
                }
                before = router.seen().size() - before == 50 ? router.seen().size() : -1;
            }
            // Then
            long fetches = router.seen().stream()
                    .filter(seen -> seen.context().api() == ApiKey.FETCH)
                    .count();
            assertThat(fetches * records.length).isLessThan(30_000_000L);
            for (int i = 0; i < wanted; i++) {
                assertThat(slow.read(ApiKey.FETCH, V12).correlationId()).isEqualTo(i);
            }
        }
    }

    @Test
    void shouldHurryAWaitingFetchWhenALaterAnswerIsReady() throws Exception {
        // Given
        router.on(ApiKey.FETCH, (context, request) -> context.hurry()
                .thenApply(hurried -> (Reply) new Reply.Answer(new FetchResponse().setSessionId(42)))
                .toCompletableFuture());
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            client.send(1, new FetchRequest(), V12);
            eventually("the fetch waits", () -> router.seen().size() == 1);
            // When
            client.send(2, new MetadataRequest(), V9);
            // Then
            RawClient.Response fetch = client.read(ApiKey.FETCH, V12);
            assertThat(fetch.correlationId()).isEqualTo(1);
            assertThat(((FetchResponse) fetch.message()).sessionId()).isEqualTo(42);
            assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(2);
        }
    }

    @Test
    void shouldCallOffAFetchWhosePeerIsGone() throws Exception {
        // Given
        CompletableFuture<Reply> never = new CompletableFuture<>();
        router.on(ApiKey.FETCH, (context, request) -> never);
        try (TestServer server = new TestServer(OPTIONS, router)) {
            try (RawClient client = server.connect()) {
                client.send(1, new FetchRequest(), V12);
                eventually("the fetch waits", () -> router.seen().size() == 1);
                // When
            }
            // Then
            CompletableFuture<?> hurry = router.seen().get(0).context().hurry().toCompletableFuture();
            eventually("the fetch is hurried", hurry::isDone);
            AtomicInteger releases = new AtomicInteger();
            never.complete(new Reply.Answer(fetched(new CountedRecords(releases))));
            eventually("records of the lost answer are released", () -> releases.get() == 1);
        }
    }

    @Test
    void shouldReleaseTheRecordsOfAnAnswerOnceItIsSent() throws Exception {
        // Given
        AtomicInteger releases = new AtomicInteger();
        router.on(ApiKey.FETCH, (context, request) -> Reply.now(fetched(new CountedRecords(releases))));
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(1, new FetchRequest(), V12);
            FetchResponse response =
                    (FetchResponse) client.read(ApiKey.FETCH, V12).message();
            // Then
            assertThat(response.responses().get(0).partitions().get(0).records().sizeInBytes())
                    .isEqualTo(5000);
            eventually("records are released", () -> releases.get() == 1);
        }
    }

    @Test
    void shouldHoldTheRecordsOfAProduceUntilItIsAnsweredAndStartTheNextOne() throws Exception {
        // Given
        router.hold(ApiKey.PRODUCE);
        byte[] first = random(1, 100_000);
        byte[] second = random(2, 300);
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(1, produce(first, -1), V9);
            client.send(2, produce(second, -1), V9);
            eventually("both have started", () -> router.seen().size() == 2);
            // Then
            assertThat(records(router.seen().get(0))).isEqualTo(ByteBuffer.wrap(first));
            assertThat(records(router.seen().get(1))).isEqualTo(ByteBuffer.wrap(second));
            assertThat(records(router.seen().get(0)).isReadOnly()).isFalse();
            assertThat(server.server.inFlightBytes()).isGreaterThan(100_000);
            router.seen().get(0).answer(new ProduceResponse());
            router.seen().get(1).answer(new ProduceResponse());
            assertThat(client.read(ApiKey.PRODUCE, V9).correlationId()).isEqualTo(1);
            assertThat(client.read(ApiKey.PRODUCE, V9).correlationId()).isEqualTo(2);
            eventually("nothing is held", () -> server.server.inFlightBytes() == 0);
        }
    }

    @Test
    void shouldAnswerNothingForAcksZeroAndCloseWhenItFails() throws Exception {
        // Given
        AtomicInteger count = new AtomicInteger();
        router.on(
                ApiKey.PRODUCE,
                (context, request) -> count.incrementAndGet() == 1
                        ? CompletableFuture.completedFuture(Reply.NO_RESPONSE)
                        : CompletableFuture.failedFuture(new IllegalStateException("on purpose")));
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(1, produce(new byte[10], 0), V9);
            client.send(2, new MetadataRequest(), V9);
            // Then
            assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(2);
            client.send(3, produce(new byte[10], 0), V9);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldTurnAnExceptionIntoTheErrorResponseOfTheApi() throws Exception {
        // Given
        router.on(ApiKey.HEARTBEAT, (context, request) -> {
            throw new IllegalArgumentException("on purpose");
        });
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(1, new HeartbeatRequest(), V4);
            // Then
            HeartbeatResponse response =
                    (HeartbeatResponse) client.read(ApiKey.HEARTBEAT, V4).message();
            assertThat(response.errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
        }
    }

    @Test
    void shouldTellItsVersionsToAClientThatIsTooNew() throws Exception {
        // Given
        router.on(ApiKey.API_VERSIONS, (context, request) -> Reply.now(ApiListing.of(ApiTable.standard())));
        byte[] future = ByteBuffer.allocate(30)
                .putShort((short) 18)
                .putShort((short) 99)
                .putInt(5)
                .array();
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(RawClient.framed(future));
            // Then
            RawClient.Response response = client.read(ApiKey.API_VERSIONS, (short) 0);
            assertThat(response.correlationId()).isEqualTo(5);
            ApiVersionsResponse versions = (ApiVersionsResponse) response.message();
            assertThat(versions.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            assertThat(versions.apiKeys()).anyMatch(api -> api.apiKey() == 18 && api.maxVersion() >= 4);
        }
    }

    @ParameterizedTest
    @ValueSource(shorts = {5, 99, -1, Short.MIN_VALUE})
    void shouldAnswerAnUnknownVersionInTheNearestOne(short version) throws Exception {
        // Given
        byte[] frame = ByteBuffer.allocate(40)
                .putShort((short) 12)
                .putShort(version)
                .putInt(6)
                .array();
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(RawClient.framed(frame));
            // Then
            RawClient.Response response = client.read(ApiKey.HEARTBEAT, version > 4 ? V4 : 0);
            assertThat(response.correlationId()).isEqualTo(6);
            assertThat(((HeartbeatResponse) response.message()).errorCode())
                    .isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            client.send(7, new MetadataRequest(), V9);
            assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(7);
        }
    }

    @Test
    void shouldCloseForAnUnknownApiAfterTheAnswersBeforeIt() throws Exception {
        // Given
        byte[] unknown = ByteBuffer.allocate(20)
                .putShort((short) 5000)
                .putShort((short) 0)
                .putInt(5)
                .array();
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(1, new MetadataRequest(), V9);
            client.send(RawClient.framed(unknown));
            // Then
            assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
            assertThat(client.isClosedByServer()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "\u0016\u0003\u0001",
                "\u0000\u0000\u0000\u0000",
                "\u0000\u0000\u0000\u0003abc"
            })
    void shouldCloseForGarbageAndHarmNobodyElse(String garbage) throws Exception {
        // Given
        byte[] bytes = java.util.Arrays.copyOf(garbage.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1), 40);
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient good = server.connect();
                RawClient bad = server.connect()) {
            // When
            bad.send(bytes);
            // Then
            assertThat(bad.isClosedByServer()).isTrue();
            good.send(1, new MetadataRequest(), V9);
            assertThat(good.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
        }
    }

    @Test
    void shouldForgetATruncatedFrameWhenItsPeerLeaves() throws Exception {
        // Given
        byte[] frame = RawClient.frame(1, produce(new byte[200_000], -1), V9);
        try (TestServer server = new TestServer(OPTIONS, router)) {
            try (RawClient client = server.connect()) {
                // When
                client.send(java.util.Arrays.copyOf(frame, 150_000));
                eventually("bytes are counted", () -> server.server.inFlightBytes() >= 150_000);
                client.endOutput();
                // Then
                assertThat(client.isClosedByServer()).isTrue();
            }
            eventually("nothing is held", () -> server.server.inFlightBytes() == 0);
            assertThat(router.seen()).isEmpty();
        }
    }

    @Test
    void shouldNotPayForClaims() throws Exception {
        // Given
        byte[] claim = ByteBuffer.allocate(4).putInt(90 * 1024 * 1024).array();
        List<RawClient> liars = new ArrayList<>();
        try (TestServer server = new TestServer(OPTIONS, router)) {
            // When
            for (int i = 0; i < 20; i++) {
                RawClient liar = server.connect();
                liars.add(liar);
                liar.send(claim);
                liar.send(new byte[100]);
            }
            eventually("they are in", () -> server.server.inFlightBytes() >= 20 * 100);
            // Then
            assertThat(server.server.inFlightBytes()).isLessThanOrEqualTo(20L * FrameReader.INITIAL_BYTES);
            try (RawClient good = server.connect()) {
                good.send(1, new MetadataRequest(), V9);
                assertThat(good.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
            }
            for (RawClient liar : liars) {
                liar.close();
            }
            eventually("nothing is held", () -> server.server.inFlightBytes() == 0);
        }
    }

    @Test
    void shouldFinishFramesThatTogetherAreLargerThanTheBudget() throws Exception {
        // Given
        router.on(ApiKey.PRODUCE, (context, request) -> Reply.now(new ProduceResponse()));
        NetworkOptions tight = OPTIONS.withInFlight(new NetworkOptions.InFlightLimits(10, 100_000, 300_000));
        byte[] frame = RawClient.frame(1, produce(new byte[1_000_000], -1), V9);
        List<Thread> senders = new ArrayList<>();
        AtomicInteger done = new AtomicInteger();
        try (TestServer server = new TestServer(tight, router)) {
            // When
            for (int i = 0; i < 5; i++) {
                Thread sender = new Thread(() -> {
                    try (RawClient client = server.connect()) {
                        client.send(frame);
                        client.read(ApiKey.PRODUCE, V9);
                        done.incrementAndGet();
                    } catch (Exception failure) {
                        failure.printStackTrace();
                    }
                });
                sender.start();
                senders.add(sender);
            }
            for (Thread sender : senders) {
                sender.join();
            }
            // Then
            assertThat(done).hasValue(5);
            eventually("nothing is held", () -> server.server.inFlightBytes() == 0);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23, 24})
    void shouldSurviveAnything(long seed) throws Exception {
        // Given
        Random random = new Random(seed);
        try (TestServer server = new TestServer(OPTIONS, router)) {
            for (int i = 0; i < 100; i++) {
                byte[] content = random(random.nextLong(), random.nextInt(300));
                if (content.length >= 4) {
                    ByteBuffer.wrap(content)
                            .putShort((short) random.nextInt(95))
                            .putShort((short) random.nextInt(20));
                }
                // When
                try (RawClient client = server.connect()) {
                    client.send(random.nextInt(4) == 0 ? content : RawClient.framed(content));
                    client.endOutput();
                    // Then
                    while (!client.isClosedByServer()) {
                        assertThat(seed).isNotZero();
                    }
                }
            }
            try (RawClient good = server.connect()) {
                good.send(1, new MetadataRequest(), V9);
                assertThat(good.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
            }
            eventually("seed " + seed + ": nothing is held", () -> server.server.inFlightBytes() == 0);
        }
    }

    private static ByteBuffer records(FakeRouter.Seen seen) {
        ProduceRequest request = (ProduceRequest) seen.request();
        return request.topicData().get(0).partitionData().get(0).records().toBuffer();
    }

    static ProduceRequest produce(byte[] records, int acks) {
        ProduceRequest.PartitionProduceData partition =
                new ProduceRequest.PartitionProduceData().setRecords(new BufferRecords(ByteBuffer.wrap(records)));
        return new ProduceRequest()
                .setAcks((short) acks)
                .setTopicData(List.of(
                        new ProduceRequest.TopicProduceData().setName("t").setPartitionData(List.of(partition))));
    }

    private static FetchResponse fetched(byte[] records) {
        return fetched(new BufferRecords(ByteBuffer.wrap(records)));
    }

    static FetchResponse fetched(io.kaon.wire.RecordBytes... records) {
        List<FetchResponse.PartitionData> partitions = new ArrayList<>();
        for (io.kaon.wire.RecordBytes each : records) {
            partitions.add(new FetchResponse.PartitionData().setRecords(each));
        }
        return new FetchResponse()
                .setResponses(List.of(
                        new FetchResponse.FetchableTopicResponse().setTopic("t").setPartitions(partitions)));
    }

    static byte[] random(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** Five thousand bytes that count their releases. */
    private record CountedRecords(AtomicInteger releases) implements io.kaon.wire.RecordBytes {
        @Override
        public int sizeInBytes() {
            return 5000;
        }

        @Override
        public ByteBuffer toBuffer() {
            return ByteBuffer.allocate(5000);
        }

        @Override
        public void release() {
            releases.incrementAndGet();
        }
    }
}
