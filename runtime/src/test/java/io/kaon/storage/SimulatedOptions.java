// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.util.Random;

/** Settings of topics as nobody would choose them: so small that everything happens all the time. */
final class SimulatedOptions {
    /** {@code delete.retention.ms} of compacted topics, which never changes. */
    static final long DELETE_RETENTION_MS = 600_000;

    private SimulatedOptions() {}

    static LogOptions deleting(Random random) {
        return of(random, new CleanupPolicy(random.nextInt(4) > 0, false));
    }

    /** Mostly compacted, sometimes with retention, sometimes not any more. */
    static LogOptions compacting(Random random) {
        CleanupPolicy policy =
                switch (random.nextInt(6)) {
                    case 0 -> new CleanupPolicy(true, false);
                    case 1, 2 -> new CleanupPolicy(true, true);
                    default -> new CleanupPolicy(false, true);
                };
        return of(random, policy)
                .withCompaction(new CompactionOptions(
                        random.nextInt(3) == 0 ? random.nextInt(100_000) : 0,
                        random.nextInt(3) == 0 ? 1 + random.nextInt(1_000_000) : Long.MAX_VALUE,
                        random.nextInt(2) == 0 ? random.nextDouble() : 0,
                        DELETE_RETENTION_MS));
    }

    private record CleanupPolicy(boolean deletes, boolean compacts) {}

    private static LogOptions of(Random random, CleanupPolicy policy) {
        SegmentOptions segments = new SegmentOptions(
                600 + random.nextInt(6000),
                10_000 + random.nextInt(10_000_000),
                random.nextInt(10_000),
                random.nextInt(4) == 0 ? 100 : 1 << 20,
                random.nextInt(600),
                random.nextInt(4) == 0);
        RetentionOptions retention = new RetentionOptions(
                policy.deletes(),
                policy.compacts(),
                random.nextInt(3) > 0 ? 60_000 + random.nextInt(20_000_000) : -1,
                random.nextInt(3) == 0 ? random.nextInt(30_000) : -1,
                random.nextInt(100_000));
        return LogOptions.DEFAULT
                .withSegments(segments)
                .withRetention(retention)
                .withFlush(flush(random))
                .withHotBytes(random.nextInt(5000));
    }

    private static FlushOptions flush(Random random) {
        return new FlushOptions(
                random.nextInt(4) == 0 ? 1 + random.nextInt(20) : Long.MAX_VALUE,
                random.nextInt(4) == 0 ? random.nextInt(100_000) : Long.MAX_VALUE,
                random.nextInt(3) == 0 ? Durability.FSYNC : Durability.OS);
    }
}
