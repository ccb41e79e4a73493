// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import io.kaon.coordination.JournalException;
import io.kaon.metadata.MetadataRecordCodec;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.StateMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A snapshot on disk: the header, blocks of one entry each whose offsets count the pieces from 0, and an empty block.
 * It gets its name only when it is complete and durable. Blocking: disk threads only.
 */
final class SnapshotFile {
    /** Records in one piece. */
    private static final int PIECE_RECORDS = 1_000;

    private SnapshotFile() {}

    /** Writes a snapshot that holds everything up to that offset, inclusive. */
    static void write(JournalFolder folder, long lastOffset, Iterable<StateMessage> records) throws IOException {
        Path file = folder.snapshot(lastOffset);
        Path unfinished = folder.unfinished(file);
        try (FileChannel channel = FileChannel.open(
                unfinished,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING)) {
            writeFully(channel, FileHeader.encode(FileHeader.SNAPSHOT, lastOffset));
            writePieces(channel, records);
            channel.force(true);
        }
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        folder.sync();
    }

    /** Reads a snapshot into the sink; returns its offset. */
    static long read(Path file, JournalLoader.Sink sink) throws IOException {
        ByteBuffer bytes = JournalFolder.read(file);
        if (!FileHeader.isIntact(bytes, FileHeader.SNAPSHOT)) {
            throw damaged(file, 0);
        }
        FileHeader header = FileHeader.read(bytes);
        JournalLoader.requireKnown(header, file);
        sink.onSnapshot(header.offset());
        int position = FileHeader.BYTES;
        long piece = 0;
        while (true) {
            JournalBlock block = JournalBlock.parse(bytes, position).orElse(null);
            if (block == null || block.baseOffset() != piece) {
                throw damaged(file, position);
            }
            if (block.entries().isEmpty()) {
                return header.offset();
            }
            for (ByteBuffer entry : block.entries()) {
                sink.onRecords(header.offset(), JournalLoader.decode(entry, file, position));
            }
            position += block.sizeInBytes();
            piece = block.endOffset();
        }
    }

    private static void writePieces(FileChannel channel, Iterable<StateMessage> records) throws IOException {
        List<StateMessage> piece = new ArrayList<>();
        long pieces = 0;
        for (StateMessage message : records) {
            piece.add(message);
            if (piece.size() == PIECE_RECORDS) {
                writeFully(channel, encode(pieces++, piece));
                piece.clear();
            }
        }
        if (!piece.isEmpty()) {
            writeFully(channel, encode(pieces++, piece));
        }
        writeFully(channel, JournalBlock.encode(pieces, List.of()));
    }

    private static ByteBuffer encode(long number, List<StateMessage> piece) {
        BufferWriter entry = new BufferWriter();
        MetadataRecordCodec.write(entry, piece);
        return JournalBlock.encode(number, List.of(entry.toByteArray()));
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static JournalException damaged(Path file, int position) {
        return new JournalException("the metadata snapshot " + file + " is damaged at byte " + position
                + ": put back a copy of the folder or of the data directory");
    }
}
