// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker.seed;

import static io.kaon.common.Checks.require;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;

/** Reads a text line by line, none of them longer than a limit. One thread. */
final class Lines {
    /** More than a broker takes in one record by far, so that the broker's own answer is what one sees. */
    static final int MAX_CHARS = 16 * 1024 * 1024;

    private final BufferedReader reader;
    private final int maxChars;
    private int number;
    private boolean isAfterReturn;

    Lines(Reader reader, int maxChars) {
        this.reader = new BufferedReader(reader);
        this.maxChars = maxChars;
    }

    /** The number of the line that was read last, from 1. */
    int number() {
        return number;
    }

    /**
     * Reads the next line into the buffer, without its end.
     *
     * @return false at the end of the text
     * @throws IllegalArgumentException when the line is too long
     */
    boolean next(StringBuilder line) throws IOException {
        line.setLength(0);
        int character = reader.read();
        if (isAfterReturn && character == '\n') {
            character = reader.read();
        }
        isAfterReturn = false;
        if (character < 0) {
            return false;
        }
        number++;
        while (character >= 0 && character != '\n' && character != '\r') {
            require(line.length() < maxChars, "a line has at most %s characters", maxChars);
            line.append((char) character);
            character = reader.read();
        }
        isAfterReturn = character == '\r';
        return true;
    }
}
