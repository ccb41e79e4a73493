// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.nio.file.Path;

/** A data directory cannot be used; the message is one sentence for whoever starts the broker. */
public final class LogDirectoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LogDirectoryException(Path path, String reason) {
        super("The data directory " + path + " " + reason);
    }

    LogDirectoryException(Path path, String reason, Throwable cause) {
        super("The data directory " + path + " " + reason, cause);
    }
}
