// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.TopicPartition;

/** What DescribeLogDirs asks about this broker's data directory. May block: called on disk threads. */
public interface LogDirectories {
    /** The directory's absolute path. */
    String path();

    /** Size of the file system in bytes, −1 when that is not known. */
    long totalBytes();

    /** Bytes that can still be written, −1 when that is not known. */
    long usableBytes();

    /** Bytes that the files of a partition have, also when nobody has used it since the start. */
    long sizeInBytes(TopicPartition partition);
}
