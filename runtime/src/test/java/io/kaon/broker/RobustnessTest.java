// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.server.ApiTable;
import io.kaon.server.RandomRequests;
import io.kaon.server.SampleMessages;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** R1, R4 and R6 of {@code safety.md} on a real broker: whatever one connection sends, the others are served. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class RobustnessTest {
    private static final int VALID_PER_VERSION = 6;
    private static final int MUTATIONS_PER_VERSION = 12;
    private static final int PIPELINED = 1_000;
    private static final int CLAIMED_BYTES = 90 * 1024 * 1024;

    private static Broker broker;
    private static Uuid topicId;
    /** Of the topic that senseless requests may change or delete. */
    private static Uuid randomId;

    private static WireClient bystander;

    private final List<WireClient> clients = new ArrayList<>();

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerOptions.embedded()
                .withConfig(Map.of(
                        "group.initial.rebalance.delay.ms", "0",
                        "group.min.session.timeout.ms", "1",
                        "offsets.topic.num.partitions", "1")));
        bystander = new WireClient(broker);
        topicId = create("x");
        randomId = create("r");
    }

    private static Uuid create(String topic) {
        return bystander
                .call(WireRequests.createTopic(topic, 2, Map.of()), 7, CreateTopicsResponse.class)
                .topics()
                .get(0)
                .topicId();
    }

    @AfterAll
    static void stop() {
        bystander.close();
        broker.close();
    }

    @AfterEach
    void serveOthersStill() {
        clients.forEach(WireClient::close);
        MetadataResponse answer = bystander.call(WireRequests.metadata(false, "x"), 9, MetadataResponse.class);
        assertThat(answer.topics()).hasSize(1);
    }

    static Stream<ApiKey> everyApi() {
        return ApiTable.standard().all().stream().map(ApiTable.Api::key);
    }

    @ParameterizedTest
    @MethodSource("everyApi")
    void shouldAnswerSenselessRequestsWithTypedErrors(ApiKey api) {
        ApiTable.Api line = ApiTable.standard().find(api).orElseThrow();
        WireClient client = connect();
        for (int version = line.oldestVersion(); version <= line.newestVersion(); version++) {
            long seed = 31L * api.id() + version;
            RandomRequests requests = requests(seed);
            for (int count = 0; count < VALID_PER_VERSION; count++) {
                Optional<ApiMessage> request = requests.next(api, (short) version);
                if (request.isEmpty() || mayWait(request.get())) {
                    continue;
                }
                byte[] frame = WireClient.frame(count, request.get(), version);
                client.send(frame);
                if (isSilent(request.get())) {
                    client = connect();
                    continue;
                }
                ApiMessage answer = client.read(api.id(), version, count);
                assertThat(SampleMessages.errorCodes(answer))
                        .as("seed %d, request %d of %s version %d", seed, count, api, version)
                        .doesNotContain(ErrorCode.UNKNOWN_SERVER_ERROR.code());
            }
        }
    }

    @ParameterizedTest
    @MethodSource("everyApi")
    void shouldSurviveMutatedFrames(ApiKey api) {
        ApiTable.Api line = ApiTable.standard().find(api).orElseThrow();
        for (int version = line.oldestVersion(); version <= line.newestVersion(); version++) {
            long seed = 17L * api.id() + version;
            Random random = new Random(seed);
            RandomRequests requests = requests(seed);
            try (WireClient client = new WireClient(broker)) {
                for (int count = 0; count < MUTATIONS_PER_VERSION; count++) {
                    Optional<ApiMessage> request = requests.next(api, (short) version);
                    if (request.isEmpty() || mayWait(request.get())) {
                        continue;
                    }
                    client.send(WireClient.framed(mutated(WireClient.content(count, request.get(), version), random)));
                }
            } catch (java.io.UncheckedIOException closedMeanwhile) {
                continue; // what a broken frame gets
            }
        }
    }

    @Test
    void shouldCloseOnFramesThatAreNone() {
        List<byte[]> frames = List.of(
                new byte[] {-1, -1, -1, -1},
                new byte[] {Byte.MIN_VALUE, 0, 0, 0},
                new byte[] {0, 0, 0, 0},
                new byte[] {Byte.MAX_VALUE, -1, -1, -1},
                "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII),
                WireClient.framed(new byte[] {0, 3}),
                WireClient.framed(new byte[] {3, 3, 0, 0, 0, 0, 0, 1, -1, -1}));
        for (byte[] frame : frames) {
            WireClient client = connect();
            client.send(frame);
            assertThat(client.isClosedByBroker()).as(Arrays.toString(frame)).isTrue();
        }
    }

    @Test
    void shouldReadAFrameThatComesByteByByte() {
        WireClient client = connect();
        byte[] frame = WireClient.frame(5, WireRequests.metadata(false, "x"), 9);
        for (byte one : frame) {
            client.send(new byte[] {one});
        }
        assertThat(client.read(ApiKey.METADATA.id(), 9, 5)).isInstanceOf(MetadataResponse.class);
    }

    @Test
    void shouldAnswerAThousandPipelinedRequestsInOrder() {
        WireClient client = connect();
        Thread writer = new Thread(() -> {
            for (int id = 0; id < PIPELINED; id++) {
                client.send(WireClient.frame(id, pipelined(id), versionOf(id)));
            }
        });
        writer.setDaemon(true);
        writer.start();
        for (int id = 0; id < PIPELINED; id++) {
            ApiMessage answer = client.read(pipelined(id).apiKey(), versionOf(id), id);
            if (answer instanceof ProduceResponse produced) {
                assertThat(produced.responses()
                                .get(0)
                                .partitionResponses()
                                .get(0)
                                .errorCode())
                        .isZero();
            }
        }
    }

    @Test
    void shouldServeOthersWhileSomePeersReadNothing() {
        ByteBuffer batch = WireRequests.batch(1_000, "x".repeat(500_000));
        bystander.call(WireRequests.produce(-1, "x", topicId, batch), 9, ProduceResponse.class);
        for (int peer = 0; peer < 5; peer++) {
            WireClient slow = connect();
            for (int id = 0; id < 50; id++) {
                slow.send(WireClient.frame(id, WireRequests.fetch("x", topicId, 0), 12));
            }
        }
        serveOthersStill();
        WireClient other = connect();
        assertThat(other.call(WireRequests.fetch("x", topicId, 0), 12, FetchResponse.class)
                        .errorCode())
                .isZero();
    }

    @Test
    void shouldNotPayForFramesThatAreOnlyClaimedC31() {
        long before = usedMemory();
        for (int peer = 0; peer < 20; peer++) {
            WireClient client = connect();
            client.send(ByteBuffer.allocate(12)
                    .putInt(CLAIMED_BYTES)
                    .putShort(ApiKey.PRODUCE.id())
                    .putShort((short) 9)
                    .putInt(1)
                    .array());
        }
        serveOthersStill();
        assertThat(usedMemory() - before).isLessThan(CLAIMED_BYTES);
    }

    @Test
    void shouldAnswerAWaitingFetchWhenAnotherRequestFollowsOrRecordsArrive() {
        WireClient client = connect();
        long end = bystander
                .call(WireRequests.listOffsets("x", -1), 5, ListOffsetsResponse.class)
                .topics()
                .get(0)
                .partitions()
                .get(0)
                .offset();
        FetchRequest fetch = WireRequests.fetch("x", topicId, end).setMaxWaitMs(Integer.MAX_VALUE);
        client.send(WireClient.frame(1, fetch, 12));
        bystander.call(
                WireRequests.produce(-1, "x", topicId, WireRequests.batch(1_000, "a")), 9, ProduceResponse.class);
        FetchResponse woken = (FetchResponse) client.read(ApiKey.FETCH.id(), 12, 1);
        assertThat(woken.responses().get(0).partitions().get(0).records().sizeInBytes())
                .isPositive();

        fetch.topics().get(0).partitions().get(0).setFetchOffset(end + 1);
        client.send(WireClient.frame(2, fetch, 12));
        client.send(WireClient.frame(3, WireRequests.metadata(false, "x"), 9));
        client.read(ApiKey.FETCH.id(), 12, 2);
        client.read(ApiKey.METADATA.id(), 9, 3);
    }

    @Test
    void shouldCloseIdleConnectionsAndRefuseTooMany() {
        try (Broker strict = Broker.start(BrokerOptions.embedded()
                .withConfig(Map.of("connections.max.idle.ms", "200", "max.connections", "2")))) {
            try (WireClient first = new WireClient(strict);
                    WireClient second = new WireClient(strict);
                    WireClient third = new WireClient(strict)) {
                assertThat(third.isClosedByBroker()).isTrue();
                assertThat(first.isClosedByBroker()).isTrue();
                assertThat(second.isClosedByBroker()).isTrue();
            }
        }
    }

    @Test
    void shouldKeepFetchSessionsApart() {
        WireClient client = connect();
        FetchResponse made =
                client.call(WireRequests.fetch("x", topicId, 0).setSessionEpoch(0), 12, FetchResponse.class);
        assertThat(made.sessionId()).isPositive();
        assertThat(sessionError(client, made.sessionId(), 7)).isEqualTo(ErrorCode.INVALID_FETCH_SESSION_EPOCH);
        assertThat(sessionError(client, made.sessionId() + 1, 1)).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
        FetchRequest forget = WireRequests.sessionFetch(made.sessionId(), 1)
                .setForgottenTopicsData(
                        List.of(new FetchRequest.ForgottenTopic().setTopic("x").setPartitions(List.of(0))));
        assertThat(client.call(forget, 12, FetchResponse.class).responses()).isEmpty();
        assertThat(sessionError(client, made.sessionId(), -1)).isEqualTo(ErrorCode.NONE);
        assertThat(sessionError(client, made.sessionId(), 2)).isEqualTo(ErrorCode.FETCH_SESSION_ID_NOT_FOUND);
    }

    @Test
    void shouldTreatAnUnknownLastFetchedEpochAsKafkaDoes() {
        assertThat(fetchAfterEpoch(5).errorCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE.code());
        assertThat(fetchAfterEpoch(0).errorCode()).isZero();
        assertThat(fetchAfterEpoch(-3).errorCode()).isZero();
        assertThat(fetchAfterEpoch(-3).divergingEpoch().epoch()).isEqualTo(-1);
    }

    private static FetchResponse.PartitionData fetchAfterEpoch(int epoch) {
        FetchRequest fetch = WireRequests.fetch("x", topicId, 0);
        fetch.topics().get(0).partitions().get(0).setLastFetchedEpoch(epoch);
        return bystander
                .call(fetch, 12, FetchResponse.class)
                .responses()
                .get(0)
                .partitions()
                .get(0);
    }

    private static ErrorCode sessionError(WireClient client, int id, int epoch) {
        return ErrorCode.of(client.call(WireRequests.sessionFetch(id, epoch), 12, FetchResponse.class)
                .errorCode());
    }

    private static ApiMessage pipelined(int id) {
        return switch (id % 4) {
            case 0 -> WireRequests.produce(1, "x", topicId, WireRequests.batch(1_000, "v" + id));
            case 1 -> WireRequests.fetch("x", topicId, 0).setMaxBytes(100);
            case 2 -> WireRequests.metadata(false, "x");
            default -> WireRequests.join("pipelined-" + id, "", null);
        };
    }

    private static int versionOf(int id) {
        return List.of(9, 12, 9, 3).get(id % 4);
    }

    private static byte[] mutated(byte[] content, Random random) {
        byte[] changed = content;
        if (random.nextInt(3) == 0) {
            changed = Arrays.copyOf(content, random.nextInt(content.length + 8));
        }
        for (int count = random.nextInt(4); count > 0 && changed.length > 8; count--) {
            changed[4 + random.nextInt(changed.length - 4)] = (byte) random.nextInt();
        }
        return changed;
    }

    /** A join or a fetch may wait as long as it asks for. */
    private static boolean mayWait(ApiMessage request) {
        if (request instanceof FetchRequest fetch) {
            fetch.setMaxWaitMs(0);
            return false;
        }
        return request instanceof JoinGroupRequest;
    }

    private static boolean isSilent(ApiMessage request) {
        return request instanceof ProduceRequest produce && produce.acks() == 0;
    }

    private static RandomRequests requests(long seed) {
        return new RandomRequests(
                seed,
                List.of("r", "r", "", "y", "0", "a b", "cleanup.policy", "compact"),
                List.of(randomId, Uuid.ZERO));
    }

    private static long usedMemory() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory()
                - runtime.freeMemory()
                + io.netty.util.internal.PlatformDependent.usedDirectMemory();
    }

    private WireClient connect() {
        WireClient client = new WireClient(broker);
        clients.add(client);
        return client;
    }
}
