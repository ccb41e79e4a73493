// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.kaon.record.Record;
import io.kaon.record.RecordHeader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Writes records as lines of a records file, so that seeding the file gives the same keys, values, headers, partitions and
 * timestamps. What is text stands as text, a JSON object or array on one line as itself, anything else in base64. A
 * record without a timestamp gets one when it is seeded. Stateless; any thread.
 */
public final class SeedLineWriter {
    private static final JsonFactory JSON = new JsonFactory();

    private SeedLineWriter() {}

    /** Writes one line with its end; does not close the stream. */
    public static void write(int partition, Record record, OutputStream target) throws IOException {
        JsonGenerator line = JSON.createGenerator(target);
        line.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        line.disable(JsonGenerator.Feature.FLUSH_PASSED_TO_STREAM);
        line.writeStartObject();
        if (record.hasKey()) {
            writeBytes(line, "key", record.key());
        }
        writeBytes(line, "value", record.value());
        writeHeaders(line, record);
        line.writeNumberField("partition", partition);
        if (record.timestamp() >= 0) {
            line.writeNumberField("timestamp", record.timestamp());
        }
        line.writeEndObject();
        line.close();
        target.write('\n');
    }

    private static void writeBytes(JsonGenerator line, String member, ByteBuffer bytes) throws IOException {
        if (bytes == null) {
            line.writeNullField(member);
            return;
        }
        Optional<String> text = textOf(bytes);
        if (text.isEmpty()) {
            line.writeStringField(member + "Base64", base64(bytes));
        } else if (isOneLineOfJson(text.get())) {
            line.writeFieldName(member);
            line.writeRawValue(text.get());
        } else {
            line.writeStringField(member, text.get());
        }
    }

    /** The order of headers counts: a member for each run of texts or of bytes; a reader appends what it finds. */
    private static void writeHeaders(JsonGenerator line, Record record) throws IOException {
        String open = "";
        for (RecordHeader header : record.headers()) {
            Optional<String> text = header.hasValue() ? textOf(header.value()) : Optional.of("");
            String member = text.isPresent() ? "headers" : "headersBase64";
            if (!member.equals(open)) {
                if (!open.isEmpty()) {
                    line.writeEndObject();
                }
                line.writeObjectFieldStart(member);
                open = member;
            }
            if (!header.hasValue()) {
                line.writeNullField(header.key());
            } else {
                line.writeStringField(header.key(), text.orElseGet(() -> base64(header.value())));
            }
        }
        if (!open.isEmpty()) {
            line.writeEndObject();
        }
    }

    /** Only what gives the same bytes again. */
    private static Optional<String> textOf(ByteBuffer bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.duplicate())
                    .toString());
        } catch (CharacterCodingException noText) {
            return Optional.empty();
        }
    }

    /** Whether a reader would find exactly this text as the value. */
    private static boolean isOneLineOfJson(String text) {
        if (text.isEmpty() || text.charAt(0) != '{' && text.charAt(0) != '[') {
            return false;
        }
        char last = text.charAt(text.length() - 1);
        if (last != '}' && last != ']' || text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
            return false;
        }
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.currentToken().isStructEnd() && parser.nextToken() == null;
        } catch (IOException malformed) {
            return false;
        }
    }

    private static String base64(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(bytes.position(), copy);
        return Base64.getEncoder().encodeToString(copy);
    }
}
