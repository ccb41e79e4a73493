// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.nio.ByteBuffer;
import java.util.Random;
import java.util.zip.CRC32C;

/** Damages batches, seeded. */
final class BatchMutations {
    private static final int[] EDGES = {0, 1, 2, -1, -2, 63, 64, 127, 128, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 20
    };

    private final Random random;

    BatchMutations(long seed) {
        random = new Random(seed);
    }

    /** A copy with one to three damages. */
    ByteBuffer damage(ByteBuffer batch) {
        ByteBuffer copy = copy(batch, batch.limit());
        for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
            copy = damageOnce(copy);
        }
        return copy;
    }

    private ByteBuffer damageOnce(ByteBuffer batch) {
        int size = batch.limit();
        if (size == 0) {
            return batch;
        }
        int at = random.nextInt(size);
        switch (random.nextInt(7)) {
            case 0:
                return copy(batch, random.nextInt(size));
            case 1:
                ByteBuffer longer = ByteBuffer.allocate(size + 1 + random.nextInt(30));
                longer.put(batch.duplicate()).clear();
                return longer;
            case 2:
                if (size >= BatchFormat.RECORDS_AT) {
                    int[] fields = {
                        BatchFormat.LENGTH_AT,
                        BatchFormat.LAST_OFFSET_DELTA_AT,
                        BatchFormat.COUNT_AT,
                        BatchFormat.BASE_SEQUENCE_AT,
                        BatchFormat.ATTRIBUTES_AT,
                        BatchFormat.BASE_OFFSET_AT,
                        BatchFormat.PRODUCER_ID_AT,
                        BatchFormat.MAX_TIMESTAMP_AT
                    };
                    batch.putInt(fields[random.nextInt(fields.length)], EDGES[random.nextInt(EDGES.length)]);
                }
                return batch;
            case 3:
                batch.put(at, (byte) EDGES[random.nextInt(EDGES.length)]);
                return batch;
            default:
                batch.put(at, (byte) (batch.get(at) ^ 1 << random.nextInt(8)));
                return batch;
        }
    }

    /** Makes length and CRC fit again, so that the damage is looked at more closely. */
    static ByteBuffer sealed(ByteBuffer batch) {
        if (batch.limit() >= BatchFormat.RECORDS_AT) {
            batch.putInt(BatchFormat.LENGTH_AT, batch.limit() - BatchFormat.LOG_OVERHEAD);
            batch.put(BatchFormat.MAGIC_AT, BatchFormat.MAGIC);
            CRC32C crc = new CRC32C();
            crc.update(batch.slice(BatchFormat.ATTRIBUTES_AT, batch.limit() - BatchFormat.ATTRIBUTES_AT));
            batch.putInt(BatchFormat.CRC_AT, (int) crc.getValue());
        }
        return batch;
    }

    static ByteBuffer copy(ByteBuffer batch, int size) {
        return ByteBuffer.allocate(size).put(batch.slice(0, size)).flip();
    }
}
