// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory for one measurement, under the system property {@code kaon.bench.dir} (else Java's directory for temporary
 * files), so that the disk under test can be chosen.
 */
record Scratch(Path path) implements AutoCloseable {
    private static final String PARENT = "kaon.bench.dir";

    /** A new, empty directory. */
    static Scratch make() {
        Path parent = Path.of(System.getProperty(PARENT, System.getProperty("java.io.tmpdir")));
        try {
            return new Scratch(Files.createTempDirectory(Files.createDirectories(parent), "kaon-bench-"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Takes away the marks of a clean end and the recovery points: the next opening reads everything, as after kill -9. */
    void forgetCleanEnd() {
        for (String mark : List.of(".kafka_cleanshutdown", "recovery-point-offset-checkpoint")) {
            try {
                Files.deleteIfExists(path.resolve(mark));
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
        }
    }

    /** Bytes of all log files. */
    long logBytes() {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Removes the directory with all that is in it. */
    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
