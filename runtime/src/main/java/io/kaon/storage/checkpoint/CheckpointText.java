// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The text frame of Kafka's checkpoint files. A file that was cut anywhere does not pass for a whole one, because each
 * line ends with a newline.
 *
 * <pre>
 * 0            version of the format
 * 2            how many entries follow
 * … one entry per line, fields separated by one space
 * </pre>
 */
final class CheckpointText {
    private static final String VERSION = "0";
    private static final int HEADER_LINES = 2;

    private CheckpointText() {}

    static String format(List<String> entries) {
        StringBuilder text = new StringBuilder();
        text.append(VERSION).append('\n').append(entries.size()).append('\n');
        entries.forEach(entry -> text.append(entry).append('\n'));
        return text.toString();
    }

    /** The entries, each split at spaces into exactly {@code fields} parts. */
    static List<String[]> parse(Path file, String text, int fields) throws CorruptFileException {
        if (!text.endsWith("\n")) {
            throw new CorruptFileException(file, "ends inside a line");
        }
        String[] lines = text.split("\n", -1);
        int count = lines.length - HEADER_LINES - 1;
        if (count < 0 || !lines[0].equals(VERSION) || !lines[1].equals(Integer.toString(count))) {
            throw new CorruptFileException(
                    file, "is no checkpoint of version " + VERSION + " with the promised entries");
        }
        List<String[]> entries = new ArrayList<>(count);
        for (int index = HEADER_LINES; index < lines.length - 1; index++) {
            String[] parts = lines[index].split(" ", -1);
            if (parts.length != fields) {
                throw new CorruptFileException(
                        file, "has a line without " + fields + " fields: '" + lines[index] + "'");
            }
            entries.add(parts);
        }
        return entries;
    }

    static long number(Path file, String text) throws CorruptFileException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException wrong) {
            throw new CorruptFileException(file, "has '" + text + "' where a number belongs");
        }
    }
}
