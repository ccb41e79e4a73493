// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What one fsync makes durable: entries that follow each other. A block is whole or it is not a block.
 *
 * <pre>
 * length       int32   bytes after the checksum
 * crc32c       int32   of the length and of what follows
 * base offset  int64   of the first entry
 * count        int32   of entries; 0 marks the end of a file that was closed properly
 * count × entry:
 *   size       int32
 *   records    as MetadataRecordCodec writes them
 * </pre>
 *
 * @param baseOffset offset of the first entry
 * @param entries their bytes
 * @param sizeInBytes of the whole block
 */
record JournalBlock(long baseOffset, List<ByteBuffer> entries, int sizeInBytes) {
    /** An entry may take as much as this; larger ones are refused when they are appended. */
    static final int MAX_ENTRY_BYTES = 16 << 20;

    private static final int CRC_POSITION = Integer.BYTES;
    private static final int CONTENT_POSITION = CRC_POSITION + Integer.BYTES;
    private static final int MIN_LENGTH = Long.BYTES + Integer.BYTES;
    private static final int MAX_LENGTH = 2 * MAX_ENTRY_BYTES;

    /** The smallest size of a block. */
    static final int MIN_BYTES = CONTENT_POSITION + MIN_LENGTH;

    /** The offset after the last entry. */
    long endOffset() {
        return baseOffset + entries.size();
    }

    /** A block as bytes, ready to be read. */
    static ByteBuffer encode(long baseOffset, List<byte[]> entries) {
        int length = MIN_LENGTH;
        for (byte[] entry : entries) {
            length += Integer.BYTES + entry.length;
        }
        ByteBuffer block = ByteBuffer.allocate(CONTENT_POSITION + length);
        block.putInt(length).putInt(0).putLong(baseOffset).putInt(entries.size());
        for (byte[] entry : entries) {
            block.putInt(entry.length).put(entry);
        }
        return block.flip().putInt(CRC_POSITION, checksum(block, 0, length));
    }

    /** The block that begins at a position of a file's bytes, if there is one. */
    static Optional<JournalBlock> parse(ByteBuffer file, int position) {
        if (file.limit() - position < MIN_BYTES) {
            return Optional.empty();
        }
        int length = file.getInt(position);
        boolean isPlausible =
                length >= MIN_LENGTH && length <= MAX_LENGTH && length <= file.limit() - position - CONTENT_POSITION;
        if (!isPlausible || file.getInt(position + CRC_POSITION) != checksum(file, position, length)) {
            return Optional.empty();
        }
        return Optional.of(read(file.slice(position + CONTENT_POSITION, length), CONTENT_POSITION + length));
    }

    /** The checksum held, so the rest is as it was written. */
    private static JournalBlock read(ByteBuffer content, int sizeInBytes) {
        long baseOffset = content.getLong();
        int count = content.getInt();
        List<ByteBuffer> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int size = content.getInt();
            entries.add(content.slice(content.position(), size));
            content.position(content.position() + size);
        }
        return new JournalBlock(baseOffset, entries, sizeInBytes);
    }

    private static int checksum(ByteBuffer bytes, int position, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(position, Integer.BYTES));
        crc.update(bytes.slice(position + CONTENT_POSITION, length));
        return (int) crc.getValue();
    }
}
