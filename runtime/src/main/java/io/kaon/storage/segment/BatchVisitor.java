// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchHeader;

/**
 * Is shown the batches of a scan, in their order. The header is good during the call only. That of a control batch is a
 * {@link io.kaon.record.RecordBatch}: what it says in its record counts.
 */
@FunctionalInterface
public interface BatchVisitor {
    /** Looks at nothing. */
    BatchVisitor NONE = header -> {};

    void onBatch(BatchHeader header);
}
