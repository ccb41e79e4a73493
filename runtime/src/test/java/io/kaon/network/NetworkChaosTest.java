// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.network.ClientChannelTest.fetched;
import static io.kaon.network.ClientChannelTest.produce;
import static io.kaon.network.ClientChannelTest.random;
import static io.kaon.network.Eventually.await;
import static io.kaon.network.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.exec.DiskThreads;
import io.kaon.record.FileSlice;
import io.kaon.record.SharedFile;
import io.kaon.server.Reply;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.MetadataRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many peers that pipeline, read slowly or not at all, and leave at any moment, against answers from other threads. */
class NetworkChaosTest {
    private static final int PEERS = 12;
    private static final int CONNECTIONS_PER_PEER = 8;
    private static final int FILE_BYTES = 400_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(longs = {101, 102, 103})
    void shouldKeepOrderAndHoldNothingAfterwards(long seed) throws Exception {
        // Given
        Path path = Files.write(directory.resolve("log"), random(seed, FILE_BYTES));
        SharedFile file = SharedFile.open(path, StandardOpenOption.READ);
        DiskThreads threads = new DiskThreads("chaos", 3);
        FakeRouter router = new FakeRouter();
        router.on(
                ApiKey.FETCH,
                (context, request) -> answerOn(
                        threads,
                        () -> fetched(
                                FileSlice.hot(file, 0, FILE_BYTES).orElseThrow(),
                                FileSlice.hot(file, 17, 5000).orElseThrow())));
        router.on(ApiKey.PRODUCE, (context, request) -> answerOn(threads, ApiKey.PRODUCE::newResponse));
        router.on(ApiKey.HEARTBEAT, (context, request) -> answerOn(threads, ApiKey.HEARTBEAT::newResponse));
        NetworkOptions tight =
                NetworkOptions.defaults().withInFlight(new NetworkOptions.InFlightLimits(20, 100_000, 400_000));
        DiskThreads peers = new DiskThreads("peer", PEERS);
        try (TestServer server = new TestServer(tight, router)) {
            // When
            List<CompletionStage<Integer>> done = new ArrayList<>();
            for (int i = 0; i < PEERS; i++) {
                Random random = new Random(seed * 1000 + i);
                done.add(peers.submit(() -> peer(server, random)));
            }
            // Then
            for (CompletionStage<Integer> each : done) {
                assertThat(await(each)).as("seed %s", seed).isEqualTo(CONNECTIONS_PER_PEER);
            }
            eventually("seed " + seed + ": all are gone", () -> server.server.openConnections() == 0);
            eventually("seed " + seed + ": no bytes are held", () -> server.server.inFlightBytes() == 0);
            eventually(
                    "seed " + seed + ": no slice is held", () -> file.toString().contains("(1 holders)"));
        } finally {
            peers.close();
            threads.close();
            file.release();
        }
    }

    private static CompletionStage<Reply> answerOn(DiskThreads threads, Callable<ApiMessage> answer) {
        return threads.submit(() -> new Reply.Answer(answer.call()));
    }

    private static int peer(TestServer server, Random random) throws Exception {
        for (int i = 0; i < CONNECTIONS_PER_PEER; i++) {
            try (RawClient client = server.connect()) {
                converse(client, random);
            }
        }
        return CONNECTIONS_PER_PEER;
    }

    /** Sends some requests, reads the answers to all or some of them, leaves. */
    private static void converse(RawClient client, Random random) throws Exception {
        List<ApiKey> asked = new ArrayList<>();
        int count = 1 + random.nextInt(30);
        for (int i = 0; i < count; i++) {
            ApiMessage request = request(random);
            ApiKey api = ApiKey.of(request.apiKey()).orElseThrow();
            asked.add(api);
            client.send(i, request, version(api));
        }
        int read = random.nextInt(3) == 0 ? random.nextInt(count) : count;
        for (int i = 0; i < read; i++) {
            ApiKey api = asked.get(i);
            assertThat(client.read(api, version(api)).correlationId()).isEqualTo(i);
        }
    }

    private static ApiMessage request(Random random) {
        switch (random.nextInt(6)) {
            case 0:
                return new FetchRequest();
            case 1:
                return new HeartbeatRequest();
            case 2:
                return produce(new byte[random.nextInt(40_000)], -1);
            case 3:
                return produce(new byte[random.nextInt(500)], 1);
            default:
                return new MetadataRequest();
        }
    }

    private static short version(ApiKey api) {
        return api == ApiKey.FETCH ? 12 : (short) Math.min(9, api.latestVersion());
    }
}
