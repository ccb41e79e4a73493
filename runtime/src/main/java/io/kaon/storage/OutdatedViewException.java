// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.storage.segment.SegmentGoneException;
import java.io.UncheckedIOException;

/**
 * A search came upon a segment that compaction has replaced, or retention deleted, since the view was taken. The log's
 * present view has the answer; of a log that is deleted there is none.
 */
public final class OutdatedViewException extends UncheckedIOException {
    private static final long serialVersionUID = 1L;

    OutdatedViewException(TopicPartition name, SegmentGoneException cause) {
        super("a view of " + name + " is outdated: " + cause.getMessage(), cause);
    }
}
