// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.exec.SerialExecutor;

/**
 * What the parts of one log share.
 *
 * @param owner runs everything that touches {@code state} and {@code files}
 * @param context what all logs of the directory share
 * @param folder the partition's folder
 * @param state what the log holds
 * @param files the work on its files
 * @param health whether it takes appends
 */
record LogCore(
        SerialExecutor owner,
        LogContext context,
        PartitionFolder folder,
        LogState state,
        LogFiles files,
        LogHealth health) {
    static LogCore of(
            LogContext context, PartitionFolder folder, LoadedLog loaded, LogOptions options, SerialExecutor owner) {
        LogHealth health = new LogHealth(folder.name(), context.listener());
        return new LogCore(
                owner,
                context,
                folder,
                new LogState(folder, context.limits(), options, loaded),
                new LogFiles(context, folder, loaded, owner, health),
                health);
    }

    TopicPartition name() {
        return folder.name();
    }
}
