// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.group.regex.TopicExpressions;
import io.kaon.exec.Clock;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the parts that decide work with.
 *
 * @param ports the rest of the broker
 * @param clock what time it is
 * @param randomIds for member ids
 * @param topicsChangedAt offset of the newest metadata that changed topics: a group that was looked at before is looked
 *     at again
 * @param expressions of this shard's groups
 */
record ConsumerContext(
        ConsumerGroupPorts ports,
        Clock clock,
        Supplier<UUID> randomIds,
        LongSupplier topicsChangedAt,
        TopicExpressions expressions) {
    private static final long NS_PER_MS = 1_000_000;

    /** Milliseconds of the clock that only goes forward. */
    long nowMs() {
        return clock.nanos() / NS_PER_MS;
    }
}
