// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.storage.checkpoint.AtomicFile;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * A {@code .snapshot}: the producers as they were at the offset in the file's name. Blocks.
 *
 * <pre>
 *  version 2      1
 *  CRC-32C 4      of everything behind it
 *  count 4
 *  per producer: id 8 | epoch 2 | last sequence 4 | last offset 8 | offset delta 4 | timestamp 8 |
 *                coordinator epoch 4 (−1) | first offset of the open transaction 8 (−1: none)
 * </pre>
 *
 * @param disk where
 * @param file which
 */
public record ProducerSnapshotFile(Disk disk, Path file) {
    private static final short VERSION = 1;
    private static final int HEADER_BYTES = 10;
    private static final int COUNTED_FROM = 6;
    private static final int ENTRY_BYTES = 46;
    private static final int NO_COORDINATOR_EPOCH = -1;
    private static final long NO_TRANSACTION = -1;

    /** Replaces the file. */
    public void write(List<ProducerEntry> entries) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + entries.size() * ENTRY_BYTES);
        bytes.putShort(VERSION).putInt(0).putInt(entries.size());
        for (ProducerEntry entry : entries) {
            bytes.putLong(entry.producerId())
                    .putShort(entry.epoch())
                    .putInt(entry.lastSequence())
                    .putLong(entry.lastOffset())
                    .putInt(entry.offsetDelta())
                    .putLong(entry.timestamp())
                    .putInt(NO_COORDINATOR_EPOCH)
                    .putLong(NO_TRANSACTION);
        }
        bytes.flip();
        bytes.putInt(Short.BYTES, crcOf(bytes));
        AtomicFile.write(disk, file, bytes);
    }

    /** What was written; empty when there is no such file. Throws {@link CorruptFileException} when it is damaged. */
    public Optional<List<ProducerEntry>> read() throws IOException {
        Optional<ByteBuffer> content = AtomicFile.read(disk, file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes = content.get();
        if (bytes.remaining() < HEADER_BYTES || bytes.getShort() != VERSION || bytes.getInt() != crcOf(bytes)) {
            throw new CorruptFileException(file, "is no producer snapshot of version " + VERSION + " with a right CRC");
        }
        int count = bytes.getInt();
        if (count < 0 || bytes.remaining() != (long) count * ENTRY_BYTES) {
            throw new CorruptFileException(file, "has " + bytes.remaining() + " bytes for " + count + " producers");
        }
        List<ProducerEntry> entries = new ArrayList<>(count);
        for (int index = 0; index < count; index++) {
            entries.add(new ProducerEntry(
                    bytes.getLong(),
                    bytes.getShort(),
                    bytes.getInt(),
                    bytes.getLong(),
                    bytes.getInt(),
                    bytes.getLong()));
            bytes.position(bytes.position() + Integer.BYTES + Long.BYTES);
        }
        return Optional.of(entries);
    }

    private static int crcOf(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(COUNTED_FROM, bytes.limit() - COUNTED_FROM));
        return (int) crc.getValue();
    }
}
