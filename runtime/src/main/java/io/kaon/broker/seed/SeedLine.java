// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import static io.kaon.common.Checks.require;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.kaon.record.RecordHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * Reads one line of a records file: a JSON object with these members, of which one of the two values is needed.
 *
 * <pre>
 * key, value              text: its characters; null: none; other JSON: the JSON as it stands in the line
 * keyBase64, valueBase64  bytes
 * headers                 an object of texts and nulls; a name may stand in it several times
 * headersBase64           an object of bytes
 * partition               a number from 0; without it the key decides, as in Kafka's clients
 * timestamp               milliseconds since 1970, or a text such as 2026-03-01T12:00:00Z
 * </pre>
 *
 * <p>One thread, one line.
 */
final class SeedLine {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String MEMBERS =
            "key, keyBase64, value, valueBase64, headers, headersBase64, partition, timestamp";

    private final String text;
    private final int number;
    private final List<RecordHeader> headers = new ArrayList<>();
    private byte[] key;
    private byte[] value;
    private boolean hasKey;
    private boolean hasValue;
    private int partition = SeedRecord.NO_PARTITION;
    private long timestampMs = SeedRecord.NO_TIMESTAMP;

    private SeedLine(String text, int number) {
        this.text = text;
        this.number = number;
    }

    /** @throws IllegalArgumentException that says what is wrong and what is expected, but not where */
    static SeedRecord parse(String text, int number) {
        SeedLine line = new SeedLine(text, number);
        try (JsonParser parser = JSON.createParser(text)) {
            return line.read(parser);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "not JSON, " + e.getOriginalMessage() + " (column "
                            + e.getLocation().getColumnNr() + "); " + RecordsFile.EXPECTED,
                    e);
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private SeedRecord read(JsonParser parser) throws IOException {
        require(parser.nextToken() == JsonToken.START_OBJECT, "not a JSON object; %s", RecordsFile.EXPECTED);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String member = parser.currentName();
            parser.nextToken();
            readMember(member, parser);
        }
        require(parser.nextToken() == null, "more than one JSON object in the line; %s", RecordsFile.EXPECTED);
        require(hasValue, "no value: \"value\": null makes a tombstone; %s", RecordsFile.EXPECTED);
        return new SeedRecord(number, partition, timestampMs, key, value, List.copyOf(headers));
    }

    private void readMember(String member, JsonParser parser) throws IOException {
        switch (member) {
            case "key" -> setKey(bytesOf(parser));
            case "keyBase64" -> setKey(base64(member, parser));
            case "value" -> setValue(bytesOf(parser));
            case "valueBase64" -> setValue(base64(member, parser));
            case "headers", "headersBase64" -> readHeaders(member, parser);
            case "partition" -> partition = partitionOf(parser);
            case "timestamp" -> timestampMs = timestampOf(parser);
            default -> throw new IllegalArgumentException("'" + member + "' is not known; a record has " + MEMBERS);
        }
    }

    private void setKey(byte[] bytes) {
        require(!hasKey, "two keys: a record has key or keyBase64, once");
        hasKey = true;
        key = bytes;
    }

    private void setValue(byte[] bytes) {
        require(!hasValue, "two values: a record has value or valueBase64, once");
        hasValue = true;
        value = bytes;
    }

    private void readHeaders(String member, JsonParser parser) throws IOException {
        require(
                parser.currentToken() == JsonToken.START_OBJECT,
                "%s must be an object, such as {\"source\": \"seed\"}",
                member);
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            JsonToken token = parser.nextToken();
            require(
                    token == JsonToken.VALUE_STRING || token == JsonToken.VALUE_NULL,
                    "the header '%s' must be a text or null",
                    name);
            byte[] bytes = member.equals("headers") ? bytesOf(parser) : base64(name, parser);
            headers.add(new RecordHeader(name, bytes == null ? null : ByteBuffer.wrap(bytes)));
        }
    }

    /** Text as its characters, other JSON as it was written: numbers keep their digits, objects their order. */
    private byte[] bytesOf(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (!token.isStructStart()) {
            return parser.getText().getBytes(StandardCharsets.UTF_8);
        }
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        int end = (int) parser.currentLocation().getCharOffset();
        return text.substring(start, end).getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] base64(String member, JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        require(parser.currentToken() == JsonToken.VALUE_STRING, "%s must be a text of base64 or null", member);
        try {
            return Base64.getDecoder().decode(parser.getText());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(member + " is not base64: " + e.getMessage(), e);
        }
    }

    private static int partitionOf(JsonParser parser) throws IOException {
        require(
                parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() == JsonParser.NumberType.INT
                        && parser.getIntValue() >= 0,
                "partition must be a whole number from 0, was %s",
                parser.getText());
        return parser.getIntValue();
    }

    private static long timestampOf(JsonParser parser) throws IOException {
        if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER
                && parser.getLongValue() >= 0) {
            return parser.getLongValue();
        }
        try {
            return OffsetDateTime.parse(parser.getText()).toInstant().toEpochMilli();
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "timestamp must be milliseconds since 1970 or a text such as 2026-03-01T12:00:00Z, was "
                            + parser.getText(),
                    e);
        }
    }
}
