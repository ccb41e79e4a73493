// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.ShardTimers;
import io.kaon.coordinator.ShardWriter;
import io.kaon.coordinator.WriteResult;
import io.kaon.coordinator.group.consumer.ConsumerGroupShard;
import io.kaon.exec.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What the parts of a group shard work with.
 *
 * @param options settings
 * @param clock what time it is
 * @param timers the shard's timers
 * @param writer the shard's log
 * @param randomIds the second half of member ids
 * @param consumers what groups of the consumer protocol work with
 */
record GroupContext(
        GroupOptions options,
        Clock clock,
        ShardTimers timers,
        ShardWriter<GroupRecord> writer,
        Supplier<UUID> randomIds,
        ConsumerGroupShard.World consumers) {
    private static final Logger LOG = Logger.getLogger(GroupContext.class);

    /** Writes records and goes on, inside the owner, when they are committed or known not to be. */
    void write(List<GroupRecord> records, Consumer<WriteResult> then) {
        writer.write(records).thenAccept(then).exceptionally(failure -> {
            LOG.error("What follows a write of the group coordinator failed", failure);
            return null;
        });
    }
}
