// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;

/** The log of a partition cannot be used. Expected: it carries the error code for the client and no stack trace. */
public final class PartitionUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode error;

    PartitionUnavailable(TopicPartition partition, ErrorCode error) {
        super(partition + " is not available: " + error, null, false, false);
        this.error = error;
    }

    /** What the client is told. */
    public ErrorCode error() {
        return error;
    }
}
