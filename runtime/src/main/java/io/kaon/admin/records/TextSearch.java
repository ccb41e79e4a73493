// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.common.Checks.require;

import io.kaon.record.Record;
import io.kaon.record.RecordHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * A text that records are searched for: as UTF-8 within the bytes, where ASCII letters match in either case. Immutable;
 * any thread.
 */
public final class TextSearch {
    /** Longer texts are a mistake. */
    public static final int MAX_CHARS = 1000;

    private final byte[] lower;
    private final byte first;
    private final byte firstInOtherCase;
    private final Set<Field> fields;

    /** Where it is looked for. */
    public enum Field {
        KEY,
        VALUE,
        /** In names and in values. */
        HEADERS
    }

    private TextSearch(byte[] lower, Set<Field> fields) {
        this.lower = lower;
        this.first = lower[0];
        this.firstInOtherCase = first >= 'a' && first <= 'z' ? (byte) (first - 'a' + 'A') : first;
        this.fields = fields;
    }

    /** In key, value and headers. */
    public static TextSearch of(String text) {
        return of(text, EnumSet.allOf(Field.class));
    }

    /**
     * @param text 1 to {@value #MAX_CHARS} characters
     * @param fields at least one
     */
    public static TextSearch of(String text, Set<Field> fields) {
        require(!text.isEmpty() && text.length() <= MAX_CHARS, "a search has 1 to %s characters", MAX_CHARS);
        require(!fields.isEmpty(), "a search looks into key, value or headers");
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int index = 0; index < bytes.length; index++) {
            bytes[index] = lower(bytes[index]);
        }
        return new TextSearch(bytes, EnumSet.copyOf(fields));
    }

    /** Whether headers are looked at; otherwise nobody needs to read them. */
    boolean needsHeaders() {
        return fields.contains(Field.HEADERS);
    }

    boolean matches(Record record) {
        return fields.contains(Field.KEY) && isIn(record.key())
                || fields.contains(Field.VALUE) && isIn(record.value())
                || fields.contains(Field.HEADERS) && isInHeaders(record);
    }

    private boolean isInHeaders(Record record) {
        for (RecordHeader header : record.headers()) {
            if (isIn(ByteBuffer.wrap(header.key().getBytes(StandardCharsets.UTF_8))) || isIn(header.value())) {
                return true;
            }
        }
        return false;
    }

    private boolean isIn(ByteBuffer bytes) {
        if (bytes == null || bytes.remaining() < lower.length) {
            return false;
        }
        if (bytes.hasArray()) {
            int from = bytes.arrayOffset() + bytes.position();
            return isIn(bytes.array(), from, from + bytes.remaining());
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return isIn(copy, 0, copy.length);
    }

    private boolean isIn(byte[] bytes, int from, int to) {
        int last = to - lower.length;
        for (int at = from; at <= last; at++) {
            if ((bytes[at] == first || bytes[at] == firstInOtherCase) && continues(bytes, at)) {
                return true;
            }
        }
        return false;
    }

    private boolean continues(byte[] bytes, int at) {
        for (int index = 1; index < lower.length; index++) {
            if (lower(bytes[at + index]) != lower[index]) {
                return false;
            }
        }
        return true;
    }

    private static byte lower(byte character) {
        return character >= 'A' && character <= 'Z' ? (byte) (character - 'A' + 'a') : character;
    }
}
