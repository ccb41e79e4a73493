// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps over the records of one batch: {@link #begin()}, then either {@link #skipRest()} or the {@code take…} or {@code
 * skip…} methods in their order and {@link #finish()}. Skipping allocates nothing. A record is
 *
 * <pre>
 *  length varint | attributes 1 | timestamp delta varlong | offset delta varint | key length varint, key |
 *  value length varint, value | header count varint | per header: key length varint, key, value length varint, value
 * </pre>
 *
 * <p>where the length −1 means null, and the first length counts all bytes after itself.
 */
final class RecordCursor {
    private static final int MIN_BODY_BYTES = BatchFormat.MIN_RECORD_BYTES - 1;
    private static final int MIN_HEADER_BYTES = 2;
    private static final int NULL = -1;

    private final RecordInput input;
    private int length;
    private long end;
    private long timestampDelta;
    private int offsetDelta;
    private int keyLength;

    RecordCursor(RecordInput input) {
        this.input = input;
    }

    /** Reads what stands before the key. */
    void begin() {
        length = input.readVarint();
        if (length < MIN_BODY_BYTES) {
            throw malformed("a record of " + length + " bytes");
        }
        if (length > input.remainingAtMost()) {
            throw input.tooLong(length);
        }
        end = input.position() + length;
        input.readByte();
        timestampDelta = input.readVarlong();
        offsetDelta = input.readVarint();
        keyLength = readLength();
    }

    /** Bytes of the record after its length field. */
    int length() {
        return length;
    }

    long timestampDelta() {
        return timestampDelta;
    }

    int offsetDelta() {
        return offsetDelta;
    }

    boolean hasKey() {
        return keyLength != NULL;
    }

    void skipRest() {
        skipFields();
        finish();
    }

    void skipFields() {
        skip(keyLength);
        skip(readLength());
        skipHeaders();
    }

    void skipHeaders() {
        for (int headers = readHeaderCount(); headers > 0; headers--) {
            skip(readHeaderKeyLength());
            skip(readLength());
        }
    }

    ByteBuffer takeKey() {
        return take(keyLength);
    }

    ByteBuffer takeValue() {
        return take(readLength());
    }

    List<RecordHeader> takeHeaders() {
        int count = readHeaderCount();
        if (count == 0) {
            return List.of();
        }
        List<RecordHeader> headers = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            String key =
                    StandardCharsets.UTF_8.decode(take(readHeaderKeyLength())).toString();
            headers.add(new RecordHeader(key, take(readLength())));
        }
        return List.copyOf(headers);
    }

    void finish() {
        if (input.position() != end) {
            throw malformed("a record whose fields end at another byte than " + end);
        }
    }

    private int readLength() {
        int length = input.readVarint();
        if (length < NULL || length > end - input.position()) {
            throw malformed("a field of " + length + " bytes");
        }
        return length;
    }

    private int readHeaderKeyLength() {
        int length = readLength();
        if (length == NULL) {
            throw malformed("a header without a key");
        }
        return length;
    }

    private int readHeaderCount() {
        int count = input.readVarint();
        if (count < 0 || count > (end - input.position()) / MIN_HEADER_BYTES) {
            throw malformed(count + " headers");
        }
        return count;
    }

    private void skip(int length) {
        if (length > 0) {
            input.skip(length);
        }
    }

    private ByteBuffer take(int length) {
        return length == NULL ? null : input.take(length);
    }

    private MalformedBatchException malformed(String what) {
        return new MalformedBatchException(what + " at byte " + input.position() + " of the records");
    }
}
