// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a record is made of, on its way into a builder. */
record Ingredients(long timestamp, byte[] key, byte[] value, List<String> headerNames, List<byte[]> headerValues) {
    PlainRecord asRecord(long offset) {
        List<String> headers = new ArrayList<>();
        for (int i = 0; i < headerNames.size(); i++) {
            headers.add(PlainRecord.header(headerNames.get(i), headerValues.get(i)));
        }
        return new PlainRecord(offset, timestamp, PlainRecord.hex(key), PlainRecord.hex(value), headers);
    }

    List<RecordHeader> headers() {
        List<RecordHeader> headers = new ArrayList<>();
        for (int i = 0; i < headerNames.size(); i++) {
            byte[] value = headerValues.get(i);
            headers.add(new RecordHeader(headerNames.get(i), value == null ? null : ByteBuffer.wrap(value)));
        }
        return headers;
    }

    /** A mix of nulls, empties, headers, texts that compress and noise that does not. */
    static List<Ingredients> random(long seed, int count, int maxValueBytes) {
        Random random = new Random(seed);
        List<Ingredients> all = new ArrayList<>();
        long timestamp = 1_700_000_000_000L;
        for (int i = 0; i < count; i++) {
            timestamp += random.nextInt(2000) - 500;
            List<String> names = new ArrayList<>();
            List<byte[]> values = new ArrayList<>();
            for (int headers = random.nextInt(4) == 0 ? random.nextInt(4) : 0; headers > 0; headers--) {
                names.add("härder-" + random.nextInt(3));
                values.add(bytes(random, 20));
            }
            all.add(new Ingredients(timestamp, bytes(random, 30), bytes(random, maxValueBytes), names, values));
        }
        return all;
    }

    private static byte[] bytes(Random random, int maxBytes) {
        int kind = random.nextInt(8);
        if (kind == 0) {
            return null;
        }
        byte[] bytes = new byte[kind == 1 ? 0 : random.nextInt(maxBytes + 1)];
        if (kind < 5) {
            random.nextBytes(bytes);
        } else {
            byte[] text = "the quick brown fox ".getBytes(StandardCharsets.UTF_8);
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = text[i % text.length];
            }
        }
        return bytes;
    }
}
