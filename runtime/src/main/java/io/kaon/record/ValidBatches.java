// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * Batches that may be appended, as views of the buffer that was validated, with the topic's timestamp type and the
 * right largest timestamp already stamped. Bytes after the last one are not part of them.
 *
 * @param batches in their order; exactly one from a client
 */
public record ValidBatches(List<RecordBatch> batches) implements ValidationOutcome {
    public ValidBatches {
        batches = List.copyOf(batches);
    }

    /** The bytes of all of them: they lie one behind the other in one buffer. */
    public ByteBuffer bytes() {
        RecordBatch last = batches.get(batches.size() - 1);
        int start = first().position;
        return first().buffer.slice(start, last.position + last.sizeInBytes() - start);
    }

    /** The first batch; the only one of a client. */
    public RecordBatch first() {
        return batches.get(0);
    }
}
