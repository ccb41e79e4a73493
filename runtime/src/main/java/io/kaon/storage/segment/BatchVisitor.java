// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchHeader;

/** Is shown the batches of a scan, in their order. The header is good during the call only. */
@FunctionalInterface
public interface BatchVisitor {
    /** Looks at nothing. */
    BatchVisitor NONE = header -> {};

    void onBatch(BatchHeader header);
}
