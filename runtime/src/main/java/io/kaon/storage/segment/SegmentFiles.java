// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of a partition's files, which are Kafka's: the base offset in twenty digits, and what it is.
 *
 * @param disk where
 * @param directory the partition's folder
 * @param stage what is added to the names of files that are not the log's yet; empty for those that are
 */
public record SegmentFiles(Disk disk, Path directory, String stage) {
    public static final String LOG = ".log";
    public static final String OFFSET_INDEX = ".index";
    public static final String TIME_INDEX = ".timeindex";
    public static final String TRANSACTION_INDEX = ".txnindex";
    public static final String SNAPSHOT = ".snapshot";
    /** What is added to the name of a file that waits for its removal. */
    public static final String DELETED = ".deleted";
    /** What is added while compaction writes the file: of no use after a crash. */
    public static final String CLEANED = ".cleaned";
    /** What is added to a whole compacted file that is to replace others. */
    public static final String SWAP = ".swap";

    private static final int DIGITS = 20;

    /** The files of the log itself. */
    public SegmentFiles(Disk disk, Path directory) {
        this(disk, directory, "");
    }

    /** The files of the same folder in another stage. */
    public SegmentFiles at(String otherStage) {
        return new SegmentFiles(disk, directory, otherStage);
    }

    /** {@code 00000000000000000042.log} */
    public Path path(long baseOffset, String suffix) {
        String digits = Long.toString(baseOffset);
        return directory.resolve("0".repeat(DIGITS - digits.length()) + digits + suffix + stage);
    }

    /** The base offsets of all files with this suffix, ascending. Blocks. */
    public SortedSet<Long> find(String suffix) throws IOException {
        SortedSet<Long> found = new TreeSet<>();
        for (Path path : disk.list(directory)) {
            offsetOf(path, suffix).ifPresent(found::add);
        }
        return found;
    }

    /** The base offset in a file's name; empty when the name is of another kind. */
    public static OptionalLong offsetOf(Path path, String suffix) {
        String name = path.getFileName().toString();
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        String digits = name.substring(0, DIGITS);
        if (!digits.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(digits));
        } catch (NumberFormatException tooLarge) {
            return OptionalLong.empty();
        }
    }
}
