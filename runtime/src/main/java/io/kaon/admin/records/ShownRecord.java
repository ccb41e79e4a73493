// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import io.kaon.record.Record;
import io.kaon.record.RecordHeader;
import io.kaon.record.TimestampType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A record as people see it. Holds no more than is shown.
 *
 * @param timestampMs since 1970, −1 for none
 * @param headers the first ones, at most {@value #MAX_HEADERS}
 * @param headersCount how many the record has
 * @param sizeInBytes of key, value and headers as they are, not as they are shown
 */
public record ShownRecord(
        RecordPlace place,
        long timestampMs,
        TimestampType timestampType,
        Datum key,
        Datum value,
        List<ShownHeader> headers,
        Size size) {
    /** More than applications use by far; a batch may decompress to millions. */
    public static final int MAX_HEADERS = 100;

    private static final int FIXED_BYTES = 200;

    /** A header. */
    public record ShownHeader(String name, Datum value) {}

    /**
     * What the record is, however little of it is shown.
     *
     * @param bytes of key, value and headers
     * @param headers how many
     */
    public record Size(long bytes, int headers) {}

    public ShownRecord {
        headers = List.copyOf(headers);
    }

    /** Copies what is shown: the record's buffers may go. */
    static ShownRecord of(RecordPlace place, TimestampType type, Record record, int maxBytes) {
        List<ShownHeader> headers = new ArrayList<>();
        for (RecordHeader header : record.headers()
                .subList(0, Math.min(MAX_HEADERS, record.headers().size()))) {
            headers.add(new ShownHeader(cut(header.key(), maxBytes), Datum.of(header.value(), maxBytes)));
        }
        return new ShownRecord(
                place,
                record.timestamp(),
                type,
                Datum.of(record.key(), maxBytes),
                Datum.of(record.value(), maxBytes),
                headers,
                new Size(sizeOf(record), record.headers().size()));
    }

    public int partition() {
        return place.partition();
    }

    public long offset() {
        return place.offset();
    }

    /** About what it takes in memory. */
    long heldBytes() {
        long bytes = FIXED_BYTES + key.heldBytes() + value.heldBytes();
        for (ShownHeader header : headers) {
            bytes += FIXED_BYTES + header.name().length() * 2L + header.value().heldBytes();
        }
        return bytes;
    }

    /** Of key, value and headers. */
    static long sizeOf(Record record) {
        long bytes = (record.hasKey() ? record.key().remaining() : 0)
                + (record.hasValue() ? record.value().remaining() : 0);
        for (RecordHeader header : record.headers()) {
            bytes += header.key().getBytes(StandardCharsets.UTF_8).length;
            bytes += header.hasValue() ? header.value().remaining() : 0;
        }
        return bytes;
    }

    private static String cut(String name, int maxChars) {
        return name.length() <= maxChars ? name : name.substring(0, maxChars);
    }
}
