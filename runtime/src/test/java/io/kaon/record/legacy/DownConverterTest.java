// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import static io.kaon.record.legacy.MessageSets.LIMITS;
import static io.kaon.record.legacy.MessageSets.T;
import static io.kaon.record.legacy.MessageSets.joined;
import static io.kaon.record.legacy.MessageSets.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.record.BatchFormat;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.ControlRecord;
import io.kaon.record.ControlRecordType;
import io.kaon.record.FileSlice;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordHeader;
import io.kaon.record.SharedFile;
import io.kaon.record.SliceReadException;
import io.kaon.record.TimestampType;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.record.legacy.DownConverter.Bounds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DownConverterTest {
    /** A message of magic 0 with the key "key" and a value of one letter. */
    private static final int ONE = 30;

    @TempDir
    Path folder;

    @Test
    void shouldLeaveOutRecordsBelowTheOffset() throws IOException {
        // Given
        ByteBuffer stored = batch(CompressionType.NONE, 10, "a", "b", "c");

        // When
        Converted converted = convert(0, stored, all(11));

        // Then
        assertThat(read(converted.set())).containsExactly("11=b", "12=c");
        assertThat(converted.nextOffset()).isEqualTo(13);
    }

    @ParameterizedTest
    @EnumSource(names = {"GZIP", "SNAPPY", "LZ4"})
    void shouldKeepOffsetsInsideWrappers(CompressionType type) throws IOException {
        // Given
        ByteBuffer stored = batch(type, 10, "a", "b", "c");

        // When / Then: absolute in magic 0, relative to the first in magic 1
        assertThat(read(convert(0, stored, all(11)).set())).containsExactly("12:[11=b, 12=c]");
        assertThat(read(convert(1, stored, all(11)).set())).containsExactly("12:[0=b, 1=c]");
    }

    @Test
    void shouldKeepGapsThatCompactionLeft() throws IOException {
        // Given
        ByteBuffer stored =
                MessageSets.joined(batch(CompressionType.NONE, 10, "a"), batch(CompressionType.NONE, 20, "b", "c"));

        // When
        Converted converted = convert(0, stored, all(5));

        // Then
        assertThat(read(converted.set())).containsExactly("10=a", "20=b", "21=c");
    }

    @Test
    void shouldLeaveOutControlBatchesAndSayWhereToGoOn() throws IOException {
        // Given
        ByteBuffer marker = RecordBatchBuilder.uncompressed()
                .baseOffset(7)
                .producer(5, (short) 0, -1)
                .transactional()
                .append(T, ControlRecord.endOfTransaction(ControlRecordType.COMMIT, 1))
                .build();

        // When
        Converted converted = convert(1, marker, all(7));

        // Then
        assertThat(converted.set().remaining()).isZero();
        assertThat(converted.nextOffset()).isEqualTo(8);
        assertThat(converted.isUnsupported()).isFalse();
    }

    @Test
    void shouldNotConvertZstdButWhatStandsBefore() throws IOException {
        // Given
        ByteBuffer zstd = batch(CompressionType.ZSTD, 11, "z");
        ByteBuffer both = MessageSets.joined(batch(CompressionType.NONE, 10, "a"), zstd);

        // When
        Converted before = convert(0, both, all(10));
        Converted first = convert(0, zstd, all(11));

        // Then
        assertThat(read(before.set())).containsExactly("10=a");
        assertThat(before.isUnsupported()).isFalse();
        assertThat(before.nextOffset()).isEqualTo(11);
        assertThat(first.isUnsupported()).isTrue();
    }

    @Test
    void shouldStopWhereThereIsNoMoreRoom() throws IOException {
        // Given
        ByteBuffer stored =
                MessageSets.joined(batch(CompressionType.NONE, 0, "a", "b", "c"), batch(CompressionType.NONE, 3, "d"));

        for (int room = 0; room < 5 * ONE; room++) {
            // When
            Converted converted = convert(0, stored, new Bounds(0, room, true, Integer.MAX_VALUE));

            // Then
            int count = Math.min(4, Math.max(1, room / ONE));
            assertThat(converted.set().remaining()).as("room %s", room).isEqualTo(count * ONE);
            assertThat(converted.nextOffset()).as("room %s", room).isEqualTo(count);
        }
    }

    @Test
    void shouldGiveNothingWithoutRoomUnlessItIsFirst() throws IOException {
        // Given
        ByteBuffer stored = batch(CompressionType.NONE, 0, "a");

        // When
        Converted converted = convert(0, stored, new Bounds(0, ONE - 1, false, Integer.MAX_VALUE));

        // Then
        assertThat(converted.set().remaining()).isZero();
        assertThat(converted.nextOffset()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP"})
    void shouldCutAFirstMessageThatIsLargerThanTheClientsBuffer(CompressionType type) throws IOException {
        // Given
        ByteBuffer stored = batch(type, 0, "abcdefghij".repeat(20));
        ByteBuffer whole = convert(0, stored, all(0)).set();

        for (int size = 1; size < whole.remaining(); size++) {
            // When
            Converted converted = convert(0, stored, new Bounds(0, size, false, size));

            // Then
            assertThat(converted.set()).isEqualTo(whole.slice(0, size));
            assertThat(converted.nextOffset()).isZero();
        }
    }

    @Test
    void shouldNotCutForLackOfRoomInTheAnswerAlone() throws IOException {
        // Given
        ByteBuffer stored = batch(CompressionType.NONE, 0, "a");

        // When
        Converted converted = convert(0, stored, new Bounds(0, 10, false, 1000));

        // Then: the client would take it for a message larger than its own thousand bytes
        assertThat(converted.set().remaining()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 20, 61, 70})
    void shouldTakeTheFirstBatchWholeHoweverSmallTheRegion(int bytes) throws IOException {
        // Given
        ByteBuffer stored = batch(CompressionType.GZIP, 0, "a", "b");

        // When
        Converted converted = convert(0, stored, bytes, all(0));

        // Then
        assertThat(read(converted.set())).containsExactly("1:[0=a, 1=b]");
    }

    @Test
    void shouldPassOverALastBatchThatTheRegionCuts() throws IOException {
        // Given
        ByteBuffer first = batch(CompressionType.NONE, 0, "a");
        ByteBuffer stored = MessageSets.joined(first, batch(CompressionType.NONE, 1, "b"));

        // When
        Converted converted = convert(0, stored, stored.limit() - 1, all(0));

        // Then
        assertThat(read(converted.set())).containsExactly("0=a");
        assertThat(converted.nextOffset()).isEqualTo(1);
    }

    @Test
    void shouldNotHideDamage() {
        // Given
        ByteBuffer stored = batch(CompressionType.NONE, 0, "a", "b");
        stored.put(stored.limit() - 3, (byte) 'x');

        // When / Then
        assertThatThrownBy(() -> convert(0, stored, all(0)))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessage("the CRC of the batch at offset 0 is wrong");
    }

    @ParameterizedTest
    @EnumSource(names = {"NONE", "GZIP", "SNAPPY", "LZ4"})
    void shouldAnswerWhatStandsBeforeDamage(CompressionType type) throws IOException {
        // Given: the CRC of the second batch is right, its inside is not
        ByteBuffer damaged = batch(type, 1, "b", "c");
        damaged.put(damaged.limit() - 1, (byte) 0x55).put(BatchFormat.RECORDS_AT, (byte) 0x55);
        CRC32C crc = new CRC32C();
        crc.update(damaged.slice(BatchFormat.ATTRIBUTES_AT, damaged.limit() - BatchFormat.ATTRIBUTES_AT));
        damaged.putInt(BatchFormat.CRC_AT, (int) crc.getValue());

        // When
        Converted converted = convert(0, joined(batch(CompressionType.NONE, 0, "a"), damaged), all(0));

        // Then: told when the reader gets there
        assertThat(read(converted.set())).containsExactly("0=a");
        assertThat(converted.nextOffset()).isEqualTo(1);
        assertThatThrownBy(() -> convert(0, damaged, all(1))).isInstanceOf(MalformedBatchException.class);
    }

    @Test
    void shouldNotHoldARecordThatIsManyTimesItsBatch() throws IOException {
        // Given
        ByteBuffer stored = batch(CompressionType.GZIP, 0, "x".repeat(DownConverter.ALWAYS_HELD_BYTES));
        ByteBuffer allowed = batch(CompressionType.GZIP, 0, "x".repeat(DownConverter.ALWAYS_HELD_BYTES - 100));

        // When / Then
        assertThatThrownBy(() -> convert(0, stored, all(0)))
                .isInstanceOf(MalformedBatchException.class)
                .hasMessageContaining("are the limit");
        assertThat(convert(0, allowed, all(0)).nextOffset()).isEqualTo(1);
    }

    @Test
    void shouldPassOverHeadersHoweverManyThereAre() throws IOException {
        // Given: as objects they would take a hundred times as much
        List<RecordHeader> headers = Collections.nCopies(1 << 20, new RecordHeader("", null));
        ByteBuffer stored = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(CompressionType.GZIP))
                .append(T, utf8("key"), utf8("a"), headers)
                .build();
        convert(0, stored, all(0));

        // When
        long before = allocatedBytes();
        Converted converted = convert(0, stored, all(0));

        // Then
        assertThat(allocatedBytes() - before).isLessThan(4 << 20);
        assertThat(read(converted.set())).containsExactly("0:[0=a]");
    }

    private static long allocatedBytes() {
        return ManagementFactory.getPlatformMXBean(com.sun.management.ThreadMXBean.class)
                .getCurrentThreadAllocatedBytes();
    }

    @Test
    void shouldFailOnAFileThatEndsInsideItsFirstBatch() {
        // Given
        ByteBuffer stored = batch(CompressionType.NONE, 0, "a", "b");
        stored.putInt(8, Integer.MAX_VALUE);

        // When / Then: nothing is allocated for what the length claims
        assertThat(converted(() -> convert(0, stored, all(0)))).isEmpty();
    }

    @Test
    void shouldSayThatTheBrokerSetTheTime() throws IOException {
        // Given
        ByteBuffer stored = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(CompressionType.GZIP))
                .logAppendTime(T + 9)
                .append(T, utf8("key"), utf8("a"), List.of())
                .build();

        // When
        ByteBuffer set = convert(1, stored, all(0)).set();

        // Then
        LegacyMessage wrapper = new LegacySetReader(set).next().orElseThrow();
        assertThat(wrapper.timestampType()).isEqualTo(TimestampType.LOG_APPEND_TIME);
        assertThat(wrapper.timestamp()).isEqualTo(T + 9);
    }

    private interface Conversion {
        Converted run() throws IOException;
    }

    private static List<String> converted(Conversion conversion) {
        try {
            return read(conversion.run().set());
        } catch (SliceReadException | IOException failure) {
            return List.of();
        }
    }

    private static Bounds all(long fromOffset) {
        return new Bounds(fromOffset, 1 << 20, true, Integer.MAX_VALUE);
    }

    private Converted convert(int magic, ByteBuffer stored, Bounds bounds) throws IOException {
        return convert(magic, stored, stored.limit(), bounds);
    }

    private Converted convert(int magic, ByteBuffer stored, int regionBytes, Bounds bounds) throws IOException {
        Path path = folder.resolve("log");
        byte[] bytes = new byte[stored.limit()];
        stored.get(0, bytes);
        Files.write(path, bytes);
        SharedFile file = SharedFile.open(path, StandardOpenOption.READ);
        FileSlice region = FileSlice.cold(file, 0, regionBytes).orElseThrow();
        file.release();
        try {
            return new DownConverter(LIMITS, magic).convert(region, bounds);
        } finally {
            region.release();
        }
    }

    private static ByteBuffer batch(CompressionType type, long baseOffset, String... values) {
        RecordBatchBuilder builder = RecordBatchBuilder.compressed(new StandardCodecs(), Compression.of(type))
                .baseOffset(baseOffset);
        for (String value : values) {
            builder.append(T, utf8("key"), utf8(value), List.of());
        }
        return builder.build();
    }

    /** Each message as {@code offset=value}, wrappers as {@code offset:[…]} with the offsets as they stand inside. */
    private static List<String> read(ByteBuffer set) {
        List<String> messages = new ArrayList<>();
        LegacySetReader reader = new LegacySetReader(set);
        for (Optional<LegacyMessage> next = reader.next(); next.isPresent(); next = reader.next()) {
            LegacyMessage message = next.get();
            assertThat(message.isCrcValid()).isTrue();
            message.check();
            messages.add(message.isWrapper() ? message.offset() + ":" + inside(message) : plain(message));
        }
        return messages;
    }

    private static List<String> inside(LegacyMessage wrapper) {
        List<String> messages = new ArrayList<>();
        try (InnerMessages inner = new InnerMessages(wrapper, LIMITS, Integer.MAX_VALUE)) {
            while (inner.advance()) {
                messages.add(plain(inner.current()));
            }
        }
        return messages;
    }

    private static String plain(LegacyMessage message) {
        return message.offset() + "=" + StandardCharsets.UTF_8.decode(message.value());
    }
}
