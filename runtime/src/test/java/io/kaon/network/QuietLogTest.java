// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.network.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.sim.VirtualTime;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuietLogTest {
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger target = Logger.getLogger(NetworkServer.class.getName());
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            lines.add(line.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        target.addHandler(handler);
    }

    @AfterEach
    void stopListening() {
        target.removeHandler(handler);
    }

    @Test
    void shouldCountWhatIsTooMuch() {
        // Given
        VirtualTime time = new VirtualTime(0);
        QuietLog log = new QuietLog(org.jboss.logging.Logger.getLogger(NetworkServer.class), time);
        // When
        for (int i = 0; i < 100; i++) {
            log.warn("bad " + i);
        }
        time.advance(1000);
        log.warn("last");
        // Then
        assertThat(lines).hasSize(QuietLog.MAX_LINES_PER_SECOND + 2);
        assertThat(lines.get(QuietLog.MAX_LINES_PER_SECOND)).startsWith("80 more");
        assertThat(lines.get(QuietLog.MAX_LINES_PER_SECOND + 1)).isEqualTo("last");
    }

    @Test
    void shouldSayOnceWhyAConnectionIsClosed() throws Exception {
        // Given
        try (TestServer server = new TestServer(NetworkOptions.defaults().withMaxFrameBytes(1000), new FakeRouter());
                RawClient tooLong = server.connect()) {
            // When
            tooLong.send(ByteBuffer.allocate(500).putInt(1001).array());
            assertThat(tooLong.isClosedByServer()).isTrue();
            try (RawClient truncated = server.connect()) {
                truncated.send(ByteBuffer.allocate(500).putInt(1000).array());
                eventually("bytes are there", () -> server.server.inFlightBytes() > 0);
            }
            eventually("both are gone", () -> server.server.openConnections() == 0);
            // Then
            assertThat(lines).hasSize(2);
            assertThat(lines.get(0)).contains("a frame of 1001 bytes").contains("socket.request.max.bytes");
            assertThat(lines.get(1)).contains("in the middle of a frame");
        }
    }
}
