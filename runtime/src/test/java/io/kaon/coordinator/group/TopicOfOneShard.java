// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.ShardLog;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A topic of offsets with one partition, which is there. */
public record TopicOfOneShard(ShardLog log) implements OffsetsTopic {
    @Override
    public boolean exists() {
        return true;
    }

    @Override
    public int partitionCount() {
        return 1;
    }

    @Override
    public CompletionStage<Void> create() {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<ShardLog> open(int partition) {
        return CompletableFuture.completedStage(log);
    }
}
