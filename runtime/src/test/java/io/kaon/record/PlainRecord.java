// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A record without any library's types: what goes in on one side must come out on the other.
 *
 * @param offset its place
 * @param timestamp ms
 * @param key hexadecimal, or null
 * @param value hexadecimal, or null
 * @param headers {@code name=hexadecimal} or {@code name} for null
 */
record PlainRecord(long offset, long timestamp, String key, String value, List<String> headers) {
    static PlainRecord of(Record record) {
        List<String> headers = new ArrayList<>();
        for (RecordHeader header : record.headers()) {
            headers.add(header(header.key(), bytes(header.value())));
        }
        return new PlainRecord(
                record.offset(), record.timestamp(), hex(bytes(record.key())), hex(bytes(record.value())), headers);
    }

    static String header(String name, byte[] value) {
        return value == null ? name : name + "=" + hex(value);
    }

    static String hex(byte[] bytes) {
        if (bytes == null) {
            return null;
        }
        return bytes.length > 64
                ? bytes.length + " bytes, hash " + Arrays.hashCode(bytes)
                : HexFormat.of().formatHex(bytes);
    }

    static byte[] bytes(ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(buffer.position(), bytes);
        return bytes;
    }
}
