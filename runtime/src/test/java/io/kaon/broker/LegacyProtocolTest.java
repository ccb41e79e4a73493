// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.record.CompressionType;
import io.kaon.record.legacy.LegacyMessages;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.ListOffsetsResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The old versions of Produce and Fetch on the wire of a real broker, from clients that mean well and others. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class LegacyProtocolTest {
    private static final int PIPELINED = 200;
    private static final int MUTATIONS = 400;
    private static final int MUTATED_BITS = 4;
    private static final Set<Short> REFUSALS = Set.of(
            ErrorCode.CORRUPT_MESSAGE.code(),
            ErrorCode.INVALID_RECORD.code(),
            ErrorCode.INVALID_TIMESTAMP.code(),
            ErrorCode.MESSAGE_TOO_LARGE.code(),
            ErrorCode.UNSUPPORTED_COMPRESSION_TYPE.code());

    private static Broker broker;
    private static int topics;

    private WireClient client;
    private String topic;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerOptions.embedded());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @BeforeEach
    void connect() {
        client = new WireClient(broker);
        topic = "t" + topics++;
        client.call(WireRequests.createTopic(topic, 1, Map.of()), 7, CreateTopicsResponse.class);
    }

    @AfterEach
    void disconnect() {
        client.close();
    }

    @Test
    void shouldKeepTheOrderOfOldAndNewProducesOnOneConnection() {
        // Given: every third one is converted, on another thread
        for (int index = 0; index < PIPELINED; index++) {
            client.send(WireClient.frame(index, produce(-1, records(index)), version(index)));
        }

        // When / Then
        for (int index = 0; index < PIPELINED; index++) {
            ProduceResponse answer = (ProduceResponse) client.read(ApiKey.PRODUCE.id(), version(index), index);
            assertThat(place(answer).errorCode()).as("produce %d", index).isZero();
            assertThat(place(answer).baseOffset()).as("produce %d", index).isEqualTo(index);
        }
        assertThat(endOffset()).isEqualTo(PIPELINED);
    }

    private static int version(int index) {
        return index % 3 == 0 ? index % 2 : 8;
    }

    private static ByteBuffer records(int index) {
        return switch (index % 3) {
            case 0 -> LegacyMessages.set(0, CompressionType.GZIP, "old" + index);
            case 1 -> WireRequests.batch(System.currentTimeMillis(), "new" + index);
            default -> WireRequests.batch(77, 0, index / 3);
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldCloseTheConnectionOfAnUnacknowledgedSetThatIsRefused(int version) {
        // Given
        ByteBuffer damaged = LegacyMessages.set(0, CompressionType.NONE, "a");
        damaged.put(damaged.limit() - 1, (byte) 'x');

        // When
        client.send(WireClient.frame(1, produce(0, damaged), version));

        // Then
        assertThat(client.isClosedByBroker()).isTrue();
        client.close();
        client = new WireClient(broker);
        assertThat(endOffset()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4"})
    void shouldWriteNothingOfWhatItRefuses(CompressionType type) {
        long seed = 4711L + type.id();
        Random random = new Random(seed);
        long end = 0;
        for (int count = 0; count < MUTATIONS; count++) {
            // Given
            ByteBuffer set = mutated(LegacyMessages.set(count % 2, type, "first", "second"), random);

            // When
            PartitionProduceResponse place =
                    place(client.call(produce(1, set), random.nextInt(3), ProduceResponse.class));

            // Then
            if (place.errorCode() != 0) {
                assertThat(REFUSALS).as("seed %d, set %d", seed, count).contains(place.errorCode());
            }
            boolean isWritten = place.errorCode() == 0 && place.baseOffset() >= 0;
            long newEnd = endOffset();
            assertThat(newEnd > end).as("seed %d, set %d", seed, count).isEqualTo(isWritten);
            end = newEnd;
        }
    }

    /** Bits anywhere, a lying number, an end too early; half of them with a CRC that is right. */
    private static ByteBuffer mutated(ByteBuffer set, Random random) {
        byte[] bytes = new byte[set.remaining()];
        set.duplicate().get(bytes);
        int kind = random.nextInt(3);
        if (kind == 0) {
            for (int bit = random.nextInt(MUTATED_BITS); bit >= 0; bit--) {
                bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            }
        } else if (kind == 1) {
            int[] lies = {-1, -2, 0, 1, 13, bytes.length, 1 << 28, Integer.MAX_VALUE, Integer.MIN_VALUE};
            int[] places = {8, 18, 22, 26, 30, random.nextInt(bytes.length - 4)};
            ByteBuffer.wrap(bytes).putInt(places[random.nextInt(places.length)], lies[random.nextInt(lies.length)]);
        } else {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
        }
        ByteBuffer mutated = ByteBuffer.wrap(bytes);
        return random.nextBoolean() ? LegacyMessages.withRightCrc(mutated) : mutated;
    }

    @Test
    void shouldConvertOnNoEventLoop() throws InterruptedException {
        // Given: records that take long to convert, both ways
        String[] values = new String[100_000];
        Arrays.fill(values, "x".repeat(100));
        ByteBuffer set = LegacyMessages.set(0, CompressionType.GZIP, values);
        Set<String> threads = new HashSet<>();

        // When
        Thread worker = new Thread(() -> {
            PartitionProduceResponse place = place(client.call(produce(1, set), 2, ProduceResponse.class));
            assertThat(place.errorCode()).isZero();
            FetchRequest fetch = WireRequests.fetch(topic, Uuid.ZERO, 0);
            FetchResponse.PartitionData partition = client.call(fetch, 2, FetchResponse.class)
                    .responses()
                    .get(0)
                    .partitions()
                    .get(0);
            assertThat(partition.records().sizeInBytes()).isPositive();
        });
        List<Throwable> failures = new ArrayList<>();
        worker.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        worker.start();
        while (worker.isAlive()) {
            Thread.getAllStackTraces().forEach((thread, stack) -> {
                if (thread != worker && Arrays.stream(stack).anyMatch(LegacyProtocolTest::isConversion)) {
                    threads.add(thread.getName());
                }
            });
        }
        worker.join();

        // Then
        assertThat(failures).isEmpty();
        assertThat(threads).isNotEmpty().allMatch(name -> name.matches("kaon-(disk|conversion)-\\d+"));
    }

    private static boolean isConversion(StackTraceElement frame) {
        return frame.getClassName().startsWith("io.kaon.record.legacy.");
    }

    @Test
    void shouldRefuseOldVersionsWithoutTheLegacyProtocol() {
        try (Broker modern =
                        Broker.start(BrokerOptions.embedded().withConfig(Map.of("kaon.legacy.protocol", "false")));
                WireClient other = new WireClient(modern)) {
            // Given
            other.call(WireRequests.createTopic(topic, 1, Map.of()), 7, CreateTopicsResponse.class);
            ByteBuffer set = LegacyMessages.set(1, CompressionType.NONE, "a");

            // When
            ApiVersionsResponse versions = other.call(new ApiVersionsRequest(), 0, ApiVersionsResponse.class);
            PartitionProduceResponse old = place(other.call(produce(1, set), 2, ProduceResponse.class));
            ByteBuffer batch = WireRequests.batch(System.currentTimeMillis(), "a");
            PartitionProduceResponse young = place(other.call(produce(1, batch), 3, ProduceResponse.class));
            FetchRequest fetch = WireRequests.fetch(topic, Uuid.ZERO, 0);

            // Then
            assertThat(oldest(versions, ApiKey.PRODUCE)).isEqualTo(3);
            assertThat(oldest(versions, ApiKey.FETCH)).isEqualTo(4);
            assertThat(oldest(versions, ApiKey.LIST_OFFSETS)).isEqualTo(1);
            assertThat(old.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            assertThat(young.baseOffset()).isZero();
            for (int version = 0; version <= 3; version++) {
                assertThat(errorOf(other.call(fetch, version, FetchResponse.class)))
                        .isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
            }
            assertThat(errorOf(other.call(fetch, 4, FetchResponse.class))).isZero();
            other.send(WireClient.frame(9, produce(0, set), 0));
            assertThat(other.isClosedByBroker()).isTrue();
        }
    }

    private static short errorOf(FetchResponse response) {
        return response.responses().get(0).partitions().get(0).errorCode();
    }

    private static int oldest(ApiVersionsResponse versions, ApiKey api) {
        return versions.apiKeys().stream()
                .filter(line -> line.apiKey() == api.id())
                .findFirst()
                .orElseThrow()
                .minVersion();
    }

    private ProduceRequest produce(int acks, ByteBuffer records) {
        return WireRequests.produce(acks, topic, Uuid.ZERO, records);
    }

    private static PartitionProduceResponse place(ProduceResponse response) {
        return response.responses().get(0).partitionResponses().get(0);
    }

    private long endOffset() {
        ListOffsetsResponse response = client.call(WireRequests.listOffsets(topic, -1), 1, ListOffsetsResponse.class);
        return response.topics().get(0).partitions().get(0).offset();
    }
}
