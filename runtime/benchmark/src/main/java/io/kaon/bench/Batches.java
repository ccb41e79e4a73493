// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench;

import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import java.nio.ByteBuffer;
import java.util.Random;

/** Record batches as a producer would send them, in direct buffers as the network would receive them. */
final class Batches {
    /** Bytes of a record's value: what most benchmarks of brokers take. */
    static final int VALUE_BYTES = 1000;

    private static final int SEED = 20261122;
    /** More than header and framing of one record take. */
    private static final int OVERHEAD_BYTES = 96;

    private Batches() {}

    /** A batch of a little less than so many bytes: records of {@link #VALUE_BYTES}, or one that is smaller. */
    static ByteBuffer ofSize(int bytes) {
        Random random = new Random(SEED);
        byte[] value = new byte[Math.min(VALUE_BYTES, bytes - OVERHEAD_BYTES)];
        RecordBatchBuilder builder = RecordBatchBuilder.uncompressed();
        do {
            random.nextBytes(value);
            builder.append(System.currentTimeMillis(), null, value);
        } while (builder.estimatedSizeInBytes() + value.length + OVERHEAD_BYTES <= bytes);
        return direct(builder.build());
    }

    /** How many records a batch has. */
    static int count(ByteBuffer batch) {
        return RecordBatch.at(batch, 0).count();
    }

    /** A copy outside the heap. */
    static ByteBuffer direct(ByteBuffer batch) {
        return ByteBuffer.allocateDirect(batch.remaining())
                .put(batch.duplicate())
                .flip();
    }

    /** Makes a batch what it was before an append gave it its offset, which lies outside the CRC. */
    static void renew(ByteBuffer batch) {
        batch.putLong(0, 0);
    }
}
