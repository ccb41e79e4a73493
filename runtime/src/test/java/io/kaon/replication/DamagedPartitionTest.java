// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import static io.kaon.replication.ReplicationFixture.batch;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.Rejected;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition whose files somebody has damaged, beside one that is sound. */
final class DamagedPartitionTest {
    private static final Logger LOG = Logger.getLogger(Partition.class.getName());
    private static final String SEGMENT = "00000000000000000000.log";

    @TempDir
    private Path directory;

    private final List<LogRecord> lines = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            if (line.getLevel().intValue() >= Level.WARNING.intValue()) {
                lines.add(line);
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private ReplicationFixture fixture;
    private byte[] sound;

    @BeforeEach
    void damage() throws IOException {
        begin();
        append("events");
        append("other");
        fixture.close();
        Path segment = directory.resolve("events-0").resolve(SEGMENT);
        sound = Files.readAllBytes(segment);
        Files.write(segment, new byte[100]);
        begin();
        LOG.addHandler(handler);
        LOG.setUseParentHandlers(false);
    }

    private void begin() {
        fixture = new ReplicationFixture(directory);
        fixture.createTopic("events", new Uuid(1, 1), ReplicationFixture.NODE);
        fixture.createTopic("other", new Uuid(1, 2), ReplicationFixture.NODE);
    }

    @AfterEach
    void end() {
        LOG.removeHandler(handler);
        LOG.setUseParentHandlers(true);
        fixture.close();
    }

    @Test
    void shouldAnswerAtOnceWhileOthersGoOn() {
        // When
        AppendResult damaged = append("events");
        PartitionLookup lookup = fixture.partitions
                .open(new TopicPartition("events", 0))
                .toCompletableFuture()
                .join();
        AppendResult other = append("other");

        // Then
        assertThat(damaged).isInstanceOfSatisfying(Rejected.class, rejected -> assertThat(rejected.code())
                .isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR));
        assertThat(lookup).isEqualTo(new PartitionLookup.Missing(ErrorCode.KAFKA_STORAGE_ERROR));
        assertThat(other).isInstanceOf(Appended.class);
    }

    @Test
    void shouldSayOnceWhichFileItIsHoweverOftenItIsTried() {
        // When
        for (int attempt = 0; attempt < 5; attempt++) {
            append("events");
            fixture.time.advance(LazyLog.REOPEN_DELAY_MS);
        }

        // Then
        assertThat(lines).hasSize(1);
        assertThat(lines.get(0).getThrown()).isNull();
        assertThat(textOf(lines.get(0))).contains("events-0", SEGMENT);
    }

    @Test
    void shouldComeBackWhenTheFileIsMended() throws IOException {
        // Given
        append("events");

        // When
        Files.write(directory.resolve("events-0").resolve(SEGMENT), sound);
        fixture.time.advance(LazyLog.REOPEN_DELAY_MS);
        AppendResult result = append("events");

        // Then
        assertThat(result).isInstanceOfSatisfying(Appended.class, appended -> assertThat(appended.lastOffset())
                .isEqualTo(1));
    }

    @Test
    void shouldEndInAWayThatHasTheNextStartBeginNewLeaderEpochs() {
        // Given
        append("events");

        // When
        fixture.logs().close(42);
        begin();

        // Then
        assertThat(fixture.logs().cleanShutdownEpoch()).hasValue(-1);
    }

    private static String textOf(LogRecord line) {
        Object[] parameters = line.getParameters();
        return parameters == null ? line.getMessage() : String.format(line.getMessage(), parameters);
    }

    private AppendResult append(String topic) {
        return fixture.partition(topic)
                .append(batch("x"), Acks.LEADER, 1_000, AppendOrigin.CLIENT)
                .toCompletableFuture()
                .join();
    }
}
