// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** What a data directory does when its logs tell of themselves. */
record DirectoryListener(DirectoryState state, KnownLogs logs, DirectoryHealth health, DirectoryCheckpoints checkpoints)
        implements LogContext.Listener {
    @Override
    public void onFailure(TopicPartition name, IOException failure) {
        health.onFailure(name, failure);
    }

    @Override
    public CompletionStage<Void> onRecoveryPointLowered(TopicPartition name) {
        logs.find(name).ifPresent(log -> state.compacted().truncate(name, log.recoveryPoint()));
        return checkpoints.request();
    }

    @Override
    public CompletionStage<Void> onLogStartOffset(TopicPartition name) {
        return checkpoints.request();
    }

    @Override
    public CompletionStage<Void> onCompaction(TopicPartition name) {
        return checkpoints.requestAll();
    }

    @Override
    public void onClosed(PartitionLog log, boolean isDeleted) {
        if (isDeleted) {
            // In this order, or a checkpoint that is written meanwhile would speak of it once more.
            logs.closed(log);
            state.forget(log.name());
            logs.forget(log.name());
        } else {
            state.remember(log);
            logs.closed(log);
        }
    }
}
