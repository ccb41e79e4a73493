// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.jboss.logging.Logger;

/**
 * An open file that several hold: the segment that writes it, and every {@link FileSlice} on its way to a client. The
 * last one closes the channel, so retention cannot take a file from under a send. Any thread.
 */
public final class SharedFile {
    private static final Logger LOG = Logger.getLogger(SharedFile.class);

    private final Path path;
    private final FileChannel channel;
    private final AtomicInteger holders = new AtomicInteger(1);

    private SharedFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Opens a file; the caller is the first holder. Blocks. */
    public static SharedFile open(Path path, OpenOption... options) throws IOException {
        return new SharedFile(path, FileChannel.open(path, options));
    }

    /** Takes over a channel that was opened elsewhere; the caller is the first holder. */
    public static SharedFile of(Path path, FileChannel channel) {
        return new SharedFile(path, channel);
    }

    /** Where the file was when it was opened; it may have been renamed since. */
    public Path path() {
        return path;
    }

    /** The channel. Its position is the writer's; everybody else reads at positions. Never close it. */
    public FileChannel channel() {
        return channel;
    }

    /** Becomes a holder; false if the last one has gone and the channel is closed. */
    public boolean retain() {
        int before = holders.get();
        while (before > 0) {
            if (holders.compareAndSet(before, before + 1)) {
                return true;
            }
            before = holders.get();
        }
        return false;
    }

    /**
     * Ceases to be a holder, once for each {@link #retain()} and once for {@link #open}; the last one closes the
     * channel.
     */
    public void release() {
        int left = holders.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException(path + " was released more often than it was retained");
        }
        if (left == 0) {
            try {
                channel.close();
            } catch (IOException failure) {
                // Nothing was waiting in the channel: what was to be durable was forced by its writer before.
                LOG.warnf(failure, "closing a log file failed: path=%s", path);
            }
        }
    }

    /** Whether the last holder has gone. */
    public boolean isClosed() {
        return holders.get() <= 0;
    }

    @Override
    public String toString() {
        return path + " (" + holders.get() + " holders)";
    }
}
