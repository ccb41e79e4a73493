// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

/**
 * Where the fields of a message of magic 0 and 1 lie, in bytes from the start of its entry. All numbers are big-endian.
 * A message set is a sequence of such entries without a count; the last one may be unfinished.
 *
 * <pre>
 *  from  size  field
 *     0     8  offset
 *     8     4  size of the message: bytes after this field
 *    12     4  CRC-32 of everything from byte 16 to the end
 *    16     1  magic: 0 or 1
 *    17     1  attributes: bits 0–2 compression · 3 timestamp is log append time (magic 1)
 *    18     8  timestamp in ms, only with magic 1 (KIP-32)
 *    18     4  length of the key, −1 for none; with magic 1 at 26
 *     …     …  key
 *     …     4  length of the value, −1 for none
 *     …     …  value
 * </pre>
 *
 * <p>A message with a codec in its attributes is a <em>wrapper</em>: its value is a message set, compressed as a whole,
 * its key is null. Wrappers are not nested.
 *
 * <pre>
 *                      magic 0                         magic 1 (KIP-31, KIP-32)
 *  offset of a wrapper the last inner message's        the last inner message's
 *  offsets inside      absolute                        relative: 0, 1, 2 …; the last one is at the wrapper's
 *  timestamps inside   none                            their own, or the wrapper's when that is log append time
 *  wrapper's timestamp none                            the largest of those inside
 *  LZ4 frame           wrong header checksum (KIP-57)  right header checksum
 * </pre>
 *
 * <p>What producers write into the offsets means nothing to a broker that appends: many wrote 0 everywhere.
 */
final class LegacyFormat {
    static final byte MAGIC_0 = 0;
    static final byte MAGIC_1 = 1;

    static final int OFFSET_AT = 0;
    static final int SIZE_AT = 8;
    static final int CRC_AT = 12;
    static final int MAGIC_AT = 16;
    static final int ATTRIBUTES_AT = 17;
    static final int TIMESTAMP_AT = 18;

    /** Offset and size: what stands before the bytes that the size field counts. */
    static final int ENTRY_OVERHEAD = 12;

    /** The smallest value of the size field, that of a message of magic 0 without key and value. */
    static final int MIN_SIZE_0 = 14;

    /** The same for magic 1. */
    static final int MIN_SIZE_1 = MIN_SIZE_0 + Long.BYTES;

    static final int COMPRESSION_MASK = 0x07;
    static final int LOG_APPEND_TIME_BIT = 0x08;
    static final int NULL_LENGTH = -1;

    private LegacyFormat() {}

    static int minSize(byte magic) {
        return magic == MAGIC_0 ? MIN_SIZE_0 : MIN_SIZE_1;
    }

    static int keyLengthAt(byte magic) {
        return magic == MAGIC_0 ? TIMESTAMP_AT : TIMESTAMP_AT + Long.BYTES;
    }

    /** Bytes of a whole entry; a length of −1 stands for null. */
    static int entryBytes(byte magic, int keyLength, int valueLength) {
        return Math.addExact(
                ENTRY_OVERHEAD + minSize(magic), Math.addExact(Math.max(0, keyLength), Math.max(0, valueLength)));
    }
}
