// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The system's page cache, where it can be emptied: Linux, as root. */
final class PageCache {
    private static final Path DROP_CACHES = Path.of("/proc/sys/vm/drop_caches");

    private PageCache() {}

    /** Writes everything back and forgets it; says so where that is not possible. */
    static void empty() {
        try {
            new ProcessBuilder("sync").start().waitFor();
            if (Files.isWritable(DROP_CACHES)) {
                Files.writeString(DROP_CACHES, "1");
            } else {
                System.out.println("The page cache cannot be emptied here: run as root, or take more data than memory");
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
