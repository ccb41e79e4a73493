// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import java.nio.file.Path;

/** Where a broker keeps its data. */
public sealed interface DataDirectory {
    /** A directory that stays; it is created when it is not there. One process at a time. */
    record Kept(Path path) implements DataDirectory {}

    /** A directory made at start under the system's temporary directory, and deleted when the broker closes. */
    record Temporary() implements DataDirectory {}

    static DataDirectory at(Path path) {
        return new Kept(path);
    }

    static DataDirectory temporary() {
        return new Temporary();
    }
}
