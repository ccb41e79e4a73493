// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** {@link Disk} as it is. Stateless. */
final class SystemDisk implements Disk {
    static final SystemDisk INSTANCE = new SystemDisk();

    /** Windows cannot open a folder, and needs no sync of it either. */
    private static final boolean SYNCS_DIRECTORIES =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

    /** Where Linux says what a process may have of everything. */
    private static final Path LIMITS = Path.of("/proc/self/limits");

    private static final Pattern OPEN_FILES = Pattern.compile("Max open files\\s+(\\d{1,9})\\s");
    /** Where the system does not say: macOS gives a Java process so many. */
    private static final int USUAL_OPEN_FILES = 10_240;

    private SystemDisk() {}

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        return FileChannel.open(file, options);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        if (SYNCS_DIRECTORIES) {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        try (Stream<Path> children = Files.list(directory)) {
            return children.toList();
        } catch (NoSuchFileException missing) {
            return List.of();
        }
    }

    @Override
    public long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException missing) {
            return -1;
        }
    }

    @Override
    public long lastModifiedMs(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @Override
    public Space space(Path path) throws IOException {
        // One call of the system each; a FileStore would read the table of mounts before.
        File file = path.toFile();
        long totalBytes = file.getTotalSpace();
        if (totalBytes == 0) {
            throw new IOException("the room of " + path + " is not known");
        }
        return new Space(totalBytes, file.getUsableSpace());
    }

    @Override
    public int openFileLimit() {
        try {
            Matcher limit = OPEN_FILES.matcher(Files.readString(LIMITS));
            return limit.find() ? Integer.parseInt(limit.group(1)) : USUAL_OPEN_FILES;
        } catch (IOException notLinux) {
            return USUAL_OPEN_FILES;
        }
    }
}
