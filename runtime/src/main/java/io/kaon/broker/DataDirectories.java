// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.TopicPartition;
import io.kaon.server.handler.LogDirectories;
import io.kaon.storage.LogDirectory;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The data directory as DescribeLogDirs shows it: what lies on the disk counts, opened or not. */
final class DataDirectories implements LogDirectories {
    private static final long UNKNOWN = -1;

    private final LogDirectory logs;

    DataDirectories(LogDirectory logs) {
        this.logs = logs;
    }

    @Override
    public String path() {
        return logs.path().toString();
    }

    @Override
    public long totalBytes() {
        try {
            return logs.totalBytes();
        } catch (IOException unknown) {
            return UNKNOWN;
        }
    }

    @Override
    public long usableBytes() {
        try {
            return logs.usableBytes();
        } catch (IOException unknown) {
            return UNKNOWN;
        }
    }

    @Override
    public long sizeInBytes(TopicPartition partition) {
        Path folder = logs.path().resolve(partition.toString());
        if (!Files.isDirectory(folder)) {
            return 0;
        }
        long bytes = 0;
        try (DirectoryStream<Path> segments = Files.newDirectoryStream(folder, "*.log")) {
            for (Path segment : segments) {
                bytes += Files.size(segment);
            }
        } catch (IOException vanished) {
            return bytes; // Retention deletes files while we count.
        }
        return bytes;
    }
}
