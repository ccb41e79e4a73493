// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.common.Checks.require;

import io.kaon.admin.records.RecordPage.Order;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where a page ended, as a text that a client hands back: the direction and an offset for each partition.
 *
 * <pre>
 *  o or n: to older or newer records | base64url of: partition + 1, or 0 for all from 0 on | count | offset, each …
 * </pre>
 *
 * <p>Numbers are unsigned, seven bits a byte, lowest first.
 *
 * @param order towards older records, or towards newer ones
 * @param offsets by partition: exclusive towards older records, inclusive towards newer ones
 */
record PageCursor(Order order, Map<Integer, Long> offsets) {
    /** A request line has room for so many offsets. */
    static final int MAX_PARTITIONS = 500;

    private static final int MAX_VARINT_BYTES = 10;
    private static final int SEPTET = 7;
    private static final int MORE = 0x80;

    String toText() {
        ByteBuffer bytes = ByteBuffer.allocate((offsets.size() + 2) * MAX_VARINT_BYTES);
        int only = offsets.keySet().iterator().next();
        write(bytes, offsets.size() == 1 ? only + 1 : 0);
        write(bytes, offsets.size());
        offsets.values().forEach(offset -> write(bytes, offset));
        bytes.flip();
        byte[] used = new byte[bytes.remaining()];
        bytes.get(used);
        return (order == Order.NEWEST_FIRST ? "o" : "n")
                + Base64.getUrlEncoder().withoutPadding().encodeToString(used);
    }

    /** @throws IllegalArgumentException when the text is no cursor */
    static PageCursor parse(String text) {
        try {
            require(text.startsWith("o") || text.startsWith("n"), "no direction");
            ByteBuffer bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(text.substring(1)));
            long only = read(bytes);
            long count = read(bytes);
            require(count >= 1 && count <= MAX_PARTITIONS && (only == 0 || count == 1), "a wrong count");
            Map<Integer, Long> offsets = new TreeMap<>();
            for (int index = 0; index < count; index++) {
                offsets.put(only == 0 ? index : Math.toIntExact(only - 1), read(bytes));
            }
            require(!bytes.hasRemaining(), "bytes are left");
            return new PageCursor(text.startsWith("o") ? Order.NEWEST_FIRST : Order.OLDEST_FIRST, offsets);
        } catch (IllegalArgumentException | BufferUnderflowException | ArithmeticException malformed) {
            throw new IllegalArgumentException("cursor must be one that a page of records has told", malformed);
        }
    }

    private static void write(ByteBuffer bytes, long number) {
        long left = number;
        while (left >= MORE) {
            bytes.put((byte) (left | MORE));
            left >>>= SEPTET;
        }
        bytes.put((byte) left);
    }

    private static long read(ByteBuffer bytes) {
        long number = 0;
        for (int shift = 0; shift < Long.SIZE - 1; shift += SEPTET) {
            byte next = bytes.get();
            number |= (long) (next & (MORE - 1)) << shift;
            if (next >= 0) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number is too long");
    }
}
