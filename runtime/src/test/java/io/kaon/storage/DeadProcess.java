// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What the death of a process does to a data directory, for tests of other packages. */
public final class DeadProcess {
    private DeadProcess() {}

    /** Lets go of the directory without a word. */
    public static void letGo(LogDirectory directory) {
        try {
            directory.abandon();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
