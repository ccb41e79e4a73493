// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * Knows whether a data directory's file system has room for more records. Clients' appends are refused while less than
 * a reserve is left: so what the broker itself must write (indexes, checkpoints, the metadata journal, offsets) still
 * finds room, reads go on, and appends come back by themselves when there is room again. Any thread.
 */
final class DiskRoom {
    /** How often it is looked at, beside each time that a quarter of the reserve was written. */
    static final long CHECK_INTERVAL_MS = 1_000;
    /** What is kept free unless told otherwise; of a small file system only the share below. */
    static final long DEFAULT_RESERVE_BYTES = 64L << 20;

    private static final Logger LOG = Logger.getLogger(DiskRoom.class);
    private static final int SMALLEST_SHARE = 20;
    private static final int CHECKS_PER_RESERVE = 4;
    /** Appends come back when an eighth more than the reserve is free: not to flicker. */
    private static final int SLACK_SHARE = 8;

    private final Disk disk;
    private final Path path;
    private final OptionalLong configuredBytes;
    private final Executor diskThreads;
    private final AtomicLong unseenBytes = new AtomicLong();
    private final AtomicBoolean isChecking = new AtomicBoolean();
    private volatile long reserveBytes = DEFAULT_RESERVE_BYTES;
    private volatile boolean isScarce;

    /** @param configuredBytes what is kept free; 0 for nothing; empty for the default */
    DiskRoom(Disk disk, Path path, OptionalLong configuredBytes, Executor diskThreads) {
        this.disk = disk;
        this.path = path;
        this.configuredBytes = configuredBytes;
        this.diskThreads = diskThreads;
    }

    /** Whether clients' appends are refused now. */
    boolean isScarce() {
        return isScarce;
    }

    /** Why they are. */
    String refusal() {
        return "the file system of " + path + " has less than " + reserveBytes + " bytes left";
    }

    /** Takes note of an append, and has the room looked at when there were many since the last look. */
    void onWritten(int bytes) {
        if (unseenBytes.addAndGet(bytes) > reserveBytes / CHECKS_PER_RESERVE
                && reserveBytes > 0
                && isChecking.compareAndSet(false, true)) {
            diskThreads.execute(this::check);
        }
    }

    /** Looks at the room. Blocks shortly: disk threads. */
    void check() {
        unseenBytes.set(0);
        try {
            Disk.Space space = disk.space(path);
            reserveBytes = configuredBytes.orElse(Math.min(DEFAULT_RESERVE_BYTES, space.totalBytes() / SMALLEST_SHARE));
            judge(space.usableBytes());
        } catch (IOException failure) {
            LOG.debugf(failure, "The room of %s is not known", path);
        } finally {
            isChecking.set(false);
        }
    }

    private void judge(long usableBytes) {
        if (!isScarce && usableBytes < reserveBytes) {
            isScarce = true;
            LOG.errorf(
                    "Produce to %s is refused: its file system has %s bytes left, less than %s",
                    path, usableBytes, reserveBytes);
        } else if (isScarce && usableBytes >= reserveBytes + reserveBytes / SLACK_SHARE) {
            isScarce = false;
            LOG.infof("Produce to %s is taken again: its file system has %s bytes left", path, usableBytes);
        }
    }
}
