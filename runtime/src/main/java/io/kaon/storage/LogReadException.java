// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A log could not be read: the disk fails, or the file is damaged. The partition's answer is KAFKA_STORAGE_ERROR. */
public final class LogReadException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    LogReadException(TopicPartition name, long offset, IOException cause) {
        super("reading " + name + " at offset " + offset + " failed: " + cause.getMessage(), cause);
    }
}
