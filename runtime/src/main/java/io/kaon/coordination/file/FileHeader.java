// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The first bytes of every file of the journal.
 *
 * <pre>
 * magic    8 bytes   KAONJRNL for entries, KAONSNAP for a snapshot
 * version  int16     of the format, {@link #VERSION}
 * offset   int64     entries: offset of the first; snapshot: offset of the last entry it holds
 * crc32c   int32     of the above
 * </pre>
 *
 * @param magic what kind of file it is
 * @param version of the format
 * @param offset see above
 */
record FileHeader(long magic, short version, long offset) {
    static final long ENTRIES = magic("KAONJRNL");
    static final long SNAPSHOT = magic("KAONSNAP");

    /** The format that this version of Kaon writes, and the newest it reads. */
    static final short VERSION = 1;

    static final int BYTES = Long.BYTES + Short.BYTES + Long.BYTES + Integer.BYTES;

    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

    static ByteBuffer encode(long magic, long offset) {
        ByteBuffer header = ByteBuffer.allocate(BYTES);
        header.putLong(magic).putShort(VERSION).putLong(offset);
        return header.putInt(checksum(header)).flip();
    }

    /** Whether a file begins with a header of that kind. */
    static boolean isIntact(ByteBuffer file, long magic) {
        return file.limit() >= BYTES && file.getLong(0) == magic && file.getInt(CHECKED_BYTES) == checksum(file);
    }

    /** The header of a file that {@link #isIntact}. */
    static FileHeader read(ByteBuffer file) {
        return new FileHeader(file.getLong(0), file.getShort(Long.BYTES), file.getLong(Long.BYTES + Short.BYTES));
    }

    private static int checksum(ByteBuffer header) {
        CRC32C crc = new CRC32C();
        crc.update(header.slice(0, CHECKED_BYTES));
        return (int) crc.getValue();
    }

    private static long magic(String name) {
        return ByteBuffer.wrap(name.getBytes(StandardCharsets.US_ASCII)).getLong();
    }
}
