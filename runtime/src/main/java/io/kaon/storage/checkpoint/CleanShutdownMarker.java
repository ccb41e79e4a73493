// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code .kafka_cleanshutdown}: every log of the directory was synced, and this was written last. It names the broker
 * epoch of the life that ended so; −1 when there was none. Blocks.
 *
 * @param disk where
 * @param file which
 */
public record CleanShutdownMarker(Disk disk, Path file) {
    /** The file's name in the data directory. */
    public static final String FILE_NAME = ".kafka_cleanshutdown";

    private static final Pattern EPOCH = Pattern.compile("\"brokerEpoch\"\\s*:\\s*(-?\\d{1,18})\\D");

    /** The marker of this data directory. */
    public static CleanShutdownMarker in(Disk disk, Path dataDirectory) {
        return new CleanShutdownMarker(disk, dataDirectory.resolve(FILE_NAME));
    }

    public void write(long brokerEpoch) throws IOException {
        AtomicFile.write(disk, file, "{\"version\":0,\"brokerEpoch\":" + brokerEpoch + "}");
    }

    /** The broker epoch of a clean end; empty when the end was not clean. A marker that cannot be read is none. */
    public OptionalLong read() throws IOException {
        Optional<String> text = AtomicFile.readText(disk, file);
        Matcher matcher = EPOCH.matcher(text.orElse(""));
        return matcher.find() ? OptionalLong.of(Long.parseLong(matcher.group(1))) : OptionalLong.empty();
    }

    /** Takes the marker away, durably: from now on the directory counts as in use. */
    public void remove() throws IOException {
        disk.delete(file);
        disk.syncDirectory(file.toAbsolutePath().getParent());
    }
}
