// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.ControlRecordType;
import io.kaon.sim.VirtualTime;
import io.kaon.storage.producer.TransactionMarker;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a shard writes to a real log, and what loading makes of it. */
final class PartitionShardLogTest {
    private static final ProducerIdAndEpoch PRODUCER = new ProducerIdAndEpoch(7, (short) 3);

    @TempDir
    Path directory;

    private PartitionOnDisk partition;

    private ShardLog open(Compression compression) {
        partition = new PartitionOnDisk(directory, "__consumer_offsets", new VirtualTime(1_000_000));
        return partition.log(compression);
    }

    @AfterEach
    void close() {
        partition.close();
    }

    @ParameterizedTest
    @EnumSource(CompressionType.class)
    void shouldGiveBackRecordsTransactionsAndMarkers(CompressionType codec) {
        // Given
        ShardLog log = open(Compression.of(codec));
        List<ShardAppend> appends = new ArrayList<>();
        log.owner().execute(() -> {
            appends.add(log.append(List.of(record("a"), KeyValue.tombstone(bytes("b"))), 1));
            appends.add(log.appendTransactional(PRODUCER, List.of(record("c"), record("d")), 1));
            appends.add(log.appendMarker(marker(4, ControlRecordType.COMMIT), true, 1));
            appends.add(log.append(List.of(record("e")), 1));
        });
        assertThat(appends)
                .containsExactly(
                        new ShardAppend.Appended(0),
                        new ShardAppend.Appended(2),
                        new ShardAppend.Appended(4),
                        new ShardAppend.Appended(5));

        // When
        List<String> read = read(log, 0);

        // Then
        assertThat(read).containsExactly("0 a=a", "1 b", "2 c=c of 7/3", "3 d=d of 7/3", "4 commit of 7/4", "5 e=e");
        assertThat(read(log, 3)).startsWith("3 d=d of 7/3", "4 commit of 7/4");
    }

    @Test
    void shouldFenceOlderEpochsAndMarkersThatDoNotRaiseThem() {
        // Given
        ShardLog log = open(Compression.NONE);
        ProducerIdAndEpoch older = new ProducerIdAndEpoch(7, (short) 2);
        List<ShardAppend> appends = new ArrayList<>();

        // When
        log.owner().execute(() -> {
            appends.add(log.appendTransactional(PRODUCER, List.of(record("a")), 1));
            appends.add(log.appendTransactional(older, List.of(record("b")), 1));
            appends.add(log.appendMarker(marker(3, ControlRecordType.ABORT), true, 1));
            appends.add(log.appendMarker(marker(4, ControlRecordType.ABORT), true, 1));
            appends.add(log.appendTransactional(PRODUCER, List.of(record("c")), 1));
        });

        // Then
        assertThat(appends.stream().map(PartitionShardLogTest::toText))
                .containsExactly(
                        "0", "INVALID_PRODUCER_EPOCH", "INVALID_PRODUCER_EPOCH", "1", "INVALID_PRODUCER_EPOCH");
        assertThat(read(log, 0)).containsExactly("0 a=a of 7/3", "1 abort of 7/4");
    }

    private static String toText(ShardAppend append) {
        if (append instanceof ShardAppend.Appended appended) {
            return Long.toString(appended.baseOffset());
        }
        ErrorCode error = ((ShardAppend.Refused) append).error();
        return error.name();
    }

    /** In small chunks, to the end. */
    private static List<String> read(ShardLog log, long from) {
        List<String> texts = new ArrayList<>();
        long offset = from;
        while (offset < log.endOffset()) {
            LogChunk chunk = log.read(offset, 1).toCompletableFuture().join();
            chunk.entries().forEach(entry -> texts.add(entry.offset() + " " + toText(entry)));
            offset = chunk.nextOffset();
        }
        return texts;
    }

    private static String toText(LogChunk.Entry entry) {
        if (entry instanceof LogChunk.Plain plain) {
            return toText(plain.record());
        }
        if (entry instanceof LogChunk.Transactional open) {
            return toText(open.record()) + toText(open.producer());
        }
        LogChunk.Marker marker = (LogChunk.Marker) entry;
        return (marker.committed() ? "commit" : "abort") + toText(marker.producer());
    }

    private static String toText(ProducerIdAndEpoch producer) {
        return " of " + producer.producerId() + "/" + producer.epoch();
    }

    private static String toText(KeyValue record) {
        String key = StandardCharsets.UTF_8.decode(record.key()).toString();
        return record.value()
                .map(value -> key + "=" + StandardCharsets.UTF_8.decode(value))
                .orElse(key);
    }

    private static TransactionMarker marker(int epoch, ControlRecordType type) {
        return new TransactionMarker(7, (short) epoch, type, 0);
    }

    private static KeyValue record(String text) {
        return KeyValue.of(bytes(text), bytes(text));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
