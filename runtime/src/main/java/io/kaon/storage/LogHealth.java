// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.storage.segment.NothingWrittenException;
import java.io.IOException;
import org.jboss.logging.Logger;

/** Whether a log takes appends, and what becomes of its failures. Any thread, unless a method says otherwise. */
final class LogHealth {
    private static final Logger LOG = Logger.getLogger(PartitionLog.class);

    private final TopicPartition name;
    private final LogContext.Listener listener;
    /** Of the owner. */
    private boolean writesFail;

    private volatile boolean isPaused;
    private volatile boolean hasEnded;
    private volatile boolean hasFailed;
    private volatile boolean hasSetback;
    private volatile Runnable onFailed = () -> {};

    LogHealth(TopicPartition name, LogContext.Listener listener) {
        this.name = name;
        this.listener = listener;
    }

    /** False once the disk failed, while the log is cut, and once it is closed or deleted. */
    boolean isOnline() {
        return !isPaused && !hasFailed && !hasEnded;
    }

    /** Whether the log is closed or deleted, or is about to be. */
    boolean hasEnded() {
        return hasEnded;
    }

    /** Runs the task, on any thread, each time the disk fails. Before the log is in use. */
    void whenFailed(Runnable task) {
        onFailed = task;
    }

    /** Whether something failed after which nothing that happens later says that everything before is on disk. */
    boolean hasFailed() {
        return hasFailed;
    }

    /** The log takes no appends for a while, by intention. */
    void pause() {
        isPaused = true;
    }

    /** After {@link #pause()}: the log takes appends again, unless it has failed or ended. */
    void resume() {
        isPaused = false;
    }

    /** The log takes no appends any more, by intention. */
    void end() {
        hasEnded = true;
    }

    /** The disk failed: the log is offline for the rest of this life. */
    void onFailure(IOException failure) {
        boolean wasOnline = isOnline();
        hasFailed = true;
        if (wasOnline) {
            LOG.errorf(failure, "The log of %s is offline: %s", name, failure.getMessage());
        }
        listener.onFailure(name, failure);
        onFailed.run();
    }

    /** Work on the files failed that is tried again; nothing is lost, but the end of this life is not clean. */
    void onSetback(IOException failure) {
        if (!hasSetback) {
            hasSetback = true;
            LOG.errorf("Work on the files of %s failed and will be tried again: %s", name, failure.getMessage());
        }
        listener.onFailure(name, failure);
    }

    /**
     * A write left no trace. A full disk may have room again: the log stays online and tries each time, but the end of
     * this life is not clean (R5). Owner.
     */
    Rejected onRefused(NothingWrittenException refused) {
        if (!writesFail) {
            writesFail = true;
            LOG.errorf("Appends to %s are refused, because writing fails: %s", name, refused.getMessage());
        }
        listener.onFailure(name, refused);
        return notWritten(refused);
    }

    /** A write went through. Owner. */
    void onWritten() {
        writesFail = false;
    }

    Rejected notWritten(IOException failure) {
        return Rejected.of(ErrorCode.KAFKA_STORAGE_ERROR, "writing to " + name + " failed: " + failure.getMessage());
    }
}
