// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import io.kaon.storage.checkpoint.AtomicFile;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.state.ProducerSnapshot;
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
    private static final short VERSION = ProducerSnapshot.HIGHEST_VERSION;
    private static final int CRC_AT = 2;
    private static final int COUNTED_FROM = 6;
    private static final int COUNT_BYTES = 4;
    private static final int ENTRY_BYTES = 46;

    /** Replaces the file. */
    public void write(List<ProducerEntry> entries) throws IOException {
        ProducerSnapshot snapshot = new ProducerSnapshot();
        for (ProducerEntry entry : entries) {
            snapshot.producerEntries()
                    .add(new ProducerSnapshot.ProducerEntry()
                            .setProducerId(entry.producerId())
                            .setEpoch(entry.epoch())
                            .setLastSequence(entry.lastSequence())
                            .setLastOffset(entry.lastOffset())
                            .setOffsetDelta(entry.offsetDelta())
                            .setTimestamp(entry.timestamp())
                            .setCoordinatorEpoch(entry.coordinatorEpoch())
                            .setCurrentTxnFirstOffset(entry.openTransactionFirstOffset()));
        }
        BufferWriter writer = new BufferWriter(COUNTED_FROM + COUNT_BYTES + entries.size() * ENTRY_BYTES);
        writer.writeShort(VERSION);
        snapshot.write(writer, VERSION);
        ByteBuffer bytes = ByteBuffer.wrap(writer.toByteArray());
        bytes.putInt(CRC_AT, crcOf(bytes));
        AtomicFile.write(disk, file, bytes);
    }

    /** What was written; empty when there is no such file. Throws {@link CorruptFileException} when it is damaged. */
    public Optional<List<ProducerEntry>> read() throws IOException {
        Optional<ByteBuffer> content = AtomicFile.read(disk, file);
        if (content.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer bytes = content.get();
        boolean isSound = bytes.remaining() >= COUNTED_FROM + COUNT_BYTES
                && bytes.getShort(0) == VERSION
                && bytes.getInt(CRC_AT) == crcOf(bytes)
                && bytes.remaining() == COUNTED_FROM + COUNT_BYTES + (long) ENTRY_BYTES * bytes.getInt(COUNTED_FROM);
        if (!isSound) {
            throw new CorruptFileException(file, "is no producer snapshot of version " + VERSION + " with a right CRC");
        }
        bytes.position(CRC_AT);
        ProducerSnapshot snapshot = ProducerSnapshot.from(new BufferReader(bytes), VERSION);
        List<ProducerEntry> entries = new ArrayList<>(snapshot.producerEntries().size());
        for (ProducerSnapshot.ProducerEntry entry : snapshot.producerEntries()) {
            entries.add(new ProducerEntry(
                    entry.producerId(),
                    entry.epoch(),
                    entry.lastSequence(),
                    entry.lastOffset(),
                    entry.offsetDelta(),
                    entry.timestamp(),
                    entry.coordinatorEpoch(),
                    entry.currentTxnFirstOffset()));
        }
        return Optional.of(entries);
    }

    private static int crcOf(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(COUNTED_FROM, bytes.limit() - COUNTED_FROM));
        return (int) crc.getValue();
    }
}
