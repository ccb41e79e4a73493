// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.network.ClientChannelTest.fetched;
import static io.kaon.network.ClientChannelTest.random;
import static io.kaon.network.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kaon.record.FileSlice;
import io.kaon.record.SharedFile;
import io.kaon.server.Reply;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.RecordBytes;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.ResponseHeader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that carry regions of files. */
class FileTransferTest {
    private static final short V12 = 12;
    private static final int SIZE = 3_000_000;

    private final FakeRouter router = new FakeRouter();
    private final byte[] content = random(31, SIZE);

    @TempDir
    Path directory;

    private SharedFile file;

    @BeforeEach
    void writeFile() throws Exception {
        Path path = directory.resolve("00000000000000000000.log");
        Files.write(path, content);
        file = SharedFile.open(path, StandardOpenOption.READ);
    }

    @AfterEach
    void everythingIsReleased() {
        file.release();
        eventually("nobody holds the file", file::isClosed);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldSendTheBytesOfTheFileBetweenTheHeaders(boolean isNative) throws Exception {
        // Given
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setPreferNativeTransport(isNative));
        assumeTrue(vertx.isNativeTransportEnabled() == isNative, "the native transport is not on the class path");
        byte[] expected = bytes(fetched(copy(0, 100), copy(1000, 2_500_000), copy(5, 0), copy(17, 70_000), copy(3, 1)));
        router.on(
                ApiKey.FETCH,
                (context, request) -> Reply.now(
                        fetched(slice(0, 100), slice(1000, 2_500_000), slice(5, 0), copy(17, 70_000), slice(3, 1))));
        try (TestServer server = new TestServer(vertx, NetworkOptions.defaults(), router);
                RawClient client = server.connect()) {
            for (int i = 0; i < 20; i++) {
                client.send(9, new FetchRequest(), V12);
            }
            for (int i = 0; i < 20; i++) {
                // When
                byte[] frame = client.readFrame();
                // Then
                assertThat(Arrays.equals(frame, expected)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldCloseWhenTheFileWasCutAfterTheHeader(boolean isNative) throws Exception {
        // Given
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(isNative));
        assumeTrue(vertx.isNativeTransportEnabled() == isNative, "the native transport is not on the class path");
        router.on(ApiKey.FETCH, (context, request) -> Reply.now(fetched(slice(0, 1000), slice(SIZE - 10, 1000))));
        try (TestServer server = new TestServer(vertx, NetworkOptions.defaults(), router);
                RawClient client = server.connect()) {
            // When
            client.send(1, new FetchRequest(), V12);
            // Then
            while (!client.isClosedByServer()) {
                assertThat(router.seen()).hasSize(1);
            }
            eventually("both slices are released", () -> file.toString().contains("(1 holders)"));
        }
    }

    @Test
    void shouldReleaseRegionsThatWaitForAPeerThatLeaves() throws Exception {
        // Given
        router.on(ApiKey.FETCH, (context, request) -> Reply.now(fetched(slice(0, SIZE), slice(0, SIZE))));
        try (TestServer server = new TestServer(NetworkOptions.defaults(), router)) {
            try (RawClient client = server.connect()) {
                for (int i = 0; i < 10; i++) {
                    client.send(1, new FetchRequest(), V12);
                }
                eventually("it begins", () -> !router.seen().isEmpty());
                // When
            }
            // Then
            eventually("all slices are released", () -> file.toString().contains("(1 holders)"));
        }
    }

    private RecordBytes slice(int from, int size) {
        return FileSlice.hot(file, from, size).orElseThrow();
    }

    private RecordBytes copy(int from, int size) {
        return new BufferRecords(ByteBuffer.wrap(content, from, size));
    }

    private static byte[] bytes(FetchResponse response) {
        BufferWriter out = new BufferWriter();
        new ResponseHeader().setCorrelationId(9).write(out, ApiKey.FETCH.responseHeaderVersion(V12));
        response.write(out, V12);
        return out.toByteArray();
    }
}
