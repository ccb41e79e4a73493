// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import io.kaon.coordination.JournalException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folder of the journal and the names of its files: {@code <first offset>.journal} holds entries,
 * {@code <last offset>.snapshot} a snapshot. Its own name has no '-', so that it is no partition's folder. Blocking:
 * disk threads only.
 */
final class JournalFolder {
    /** The folder's name inside the data directory. */
    static final String NAME = "__kaon_journal";

    private static final String ENTRIES_SUFFIX = ".journal";
    private static final String SNAPSHOT_SUFFIX = ".snapshot";
    private static final String UNFINISHED_SUFFIX = ".tmp";
    private static final String OFFSET_NAME = "\\d{20}";

    private final Path path;
    private final Opener opener;

    /** Opens the files that entries are written to: where tests make them fail. */
    interface Opener {
        FileChannel open(Path file, OpenOption... options) throws IOException;
    }

    JournalFolder(Path dataDirectory) {
        this(dataDirectory, FileChannel::open);
    }

    JournalFolder(Path dataDirectory, Opener opener) {
        this.path = dataDirectory.resolve(NAME);
        this.opener = opener;
    }

    FileChannel open(Path file, OpenOption... options) throws IOException {
        return opener.open(file, options);
    }

    /** Makes the folder if it is missing and removes what an unfinished snapshot left. */
    void prepare() throws IOException {
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
            sync(path.toAbsolutePath().getParent());
        }
        for (Path file : files(UNFINISHED_SUFFIX)) {
            Files.delete(file);
        }
    }

    /** The files with entries by the offset of their first one. */
    TreeMap<Long, Path> segments() throws IOException {
        return byOffset(ENTRIES_SUFFIX);
    }

    /** The newest snapshot. */
    Optional<Path> snapshot() throws IOException {
        return Optional.ofNullable(byOffset(SNAPSHOT_SUFFIX).lastEntry()).map(Map.Entry::getValue);
    }

    Path segment(long firstOffset) {
        return path.resolve(name(firstOffset) + ENTRIES_SUFFIX);
    }

    Path snapshot(long lastOffset) {
        return path.resolve(name(lastOffset) + SNAPSHOT_SUFFIX);
    }

    /** Where a file is written before it gets its real name. */
    Path unfinished(Path file) {
        return file.resolveSibling(file.getFileName() + UNFINISHED_SUFFIX);
    }

    /** Makes the creation, renaming and deletion of files durable. */
    void sync() throws IOException {
        sync(path);
    }

    /** Deletes the files that a snapshot replaces: older snapshots, and segments that end at or before it. */
    void trim(long snapshotOffset) throws IOException {
        for (Path file : byOffset(SNAPSHOT_SUFFIX).headMap(snapshotOffset).values()) {
            Files.delete(file);
        }
        TreeMap<Long, Path> segments = segments();
        for (Long firstOffset : List.copyOf(segments.keySet())) {
            Long next = segments.higherKey(firstOffset);
            if (next != null && next <= snapshotOffset + 1) {
                Files.delete(segments.get(firstOffset));
            }
        }
        sync();
    }

    /** Takes a file away for good, which may not be there. */
    void remove(Path file) throws IOException {
        Files.deleteIfExists(file);
        sync();
    }

    /** The whole content of a file. */
    static ByteBuffer read(Path file) throws IOException {
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    private TreeMap<Long, Path> byOffset(String suffix) throws IOException {
        TreeMap<Long, Path> found = new TreeMap<>();
        for (Path file : files(suffix)) {
            String name = file.getFileName().toString();
            String offset = name.substring(0, name.length() - suffix.length());
            if (!offset.matches(OFFSET_NAME)) {
                throw new JournalException(file + " is no file of the metadata journal: remove it");
            }
            found.put(Long.parseLong(offset), file);
        }
        return found;
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.filter(file -> file.getFileName().toString().endsWith(suffix))
                    .toList();
        }
    }

    private static void sync(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static String name(long offset) {
        return String.format("%020d", offset);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
