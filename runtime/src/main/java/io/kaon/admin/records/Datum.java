// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A key, a value or a header's value as people see it.
 *
 * @param data the text, or the bytes in hex; empty for {@link Form#NULL}
 * @param sizeInBytes of the whole thing, 0 for null
 * @param isTruncated whether {@code data} is only its beginning
 */
public record Datum(Form form, String data, int sizeInBytes, boolean isTruncated) {
    /** There is nothing: no key, a tombstone. */
    public static final Datum NULL = new Datum(Form.NULL, "", 0, false);

    private static final JsonFactory JSON = new JsonFactory();
    private static final int HELD_BYTES = 64;

    /** What the bytes are. */
    public enum Form {
        NULL,
        /** An object or an array, the whole of it; {@code data} is its text, character for character. */
        JSON,
        /** UTF-8 without control characters other than tab and line ends. */
        STRING,
        /** Anything else; {@code data} is lower-case hex. */
        BINARY
    }

    /**
     * Looks at the bytes and copies what is shown of them.
     *
     * @param bytes from position to limit, not moved; null for {@link #NULL}
     * @param maxBytes how many of them are shown
     */
    public static Datum of(ByteBuffer bytes, int maxBytes) {
        if (bytes == null) {
            return NULL;
        }
        int size = bytes.remaining();
        boolean isCut = size > maxBytes;
        ByteBuffer shown = bytes.slice(bytes.position(), Math.min(size, maxBytes));
        Optional<String> text = textOf(shown, isCut);
        if (text.isEmpty()) {
            byte[] copy = new byte[shown.remaining()];
            shown.get(shown.position(), copy);
            return new Datum(Form.BINARY, HexFormat.of().formatHex(copy), size, isCut);
        }
        boolean isJson = !isCut && isJson(text.get());
        return new Datum(isJson ? Form.JSON : Form.STRING, text.get(), size, isCut);
    }

    /** The text, if it is one; of one that was cut, without the character that the cut went through. */
    private static Optional<String> textOf(ByteBuffer bytes, boolean isCut) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer characters = CharBuffer.allocate(bytes.remaining());
        CoderResult result = decoder.decode(bytes.duplicate(), characters, !isCut);
        if (result.isError()) {
            return Optional.empty();
        }
        characters.flip();
        for (int index = 0; index < characters.limit(); index++) {
            char character = characters.get(index);
            if (Character.isISOControl(character) && character != '\t' && character != '\n' && character != '\r') {
                return Optional.empty();
            }
        }
        return Optional.of(characters.toString());
    }

    /** Whether it is one JSON object or array and nothing else. */
    static boolean isJson(String text) {
        String stripped = text.strip();
        if (stripped.isEmpty() || stripped.charAt(0) != '{' && stripped.charAt(0) != '[') {
            return false;
        }
        try (JsonParser parser = JSON.createParser(text)) {
            parser.nextToken();
            parser.skipChildren();
            return !parser.currentToken().isStructStart() && parser.nextToken() == null;
        } catch (IOException malformed) {
            return false;
        }
    }

    long heldBytes() {
        return HELD_BYTES + data.length() * 2L;
    }
}
