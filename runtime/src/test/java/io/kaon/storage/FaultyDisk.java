// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** The system's disk, which refuses what it is told to refuse. One thread. */
final class FaultyDisk implements Disk {
    private final Disk disk = Disk.system();
    /** Bytes that can still be written to log files; the write that passes it fails in its middle. */
    long bytesLeft = Long.MAX_VALUE;

    /** Whether syncs are counted and left out: for tests that lose nothing and open thousands of times. */
    boolean skipsForce;

    boolean refusesTruncate;
    boolean refusesForce;
    boolean refusesRename;
    int forces;
    int renames;
    int opens;
    /** Of files other than the lock. */
    int openChannels;
    /** As many may be open. */
    int openFileLimit = Integer.MAX_VALUE;

    /** Told the name of each file before it is opened. */
    Consumer<Path> beforeOpen = file -> {};

    /** A disk without faults on which a sync costs nothing. */
    static FaultyDisk quick() {
        FaultyDisk disk = new FaultyDisk();
        disk.skipsForce = true;
        return disk;
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        opens++;
        beforeOpen.accept(file);
        refuse(openChannels >= openFileLimit, "open more files");
        FileChannel channel = disk.open(file, options);
        if (file.getFileName().toString().equals(".lock")) {
            return channel;
        }
        openChannels++;
        return new Channel(channel);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        refuse(refusesRename, "rename");
        renames++;
        disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        disk.delete(path);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        disk.createDirectories(directory);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        refuse(refusesForce, "sync");
        forces++;
        if (!skipsForce) {
            disk.syncDirectory(directory);
        }
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public long size(Path file) throws IOException {
        return disk.size(file);
    }

    @Override
    public long lastModifiedMs(Path file) throws IOException {
        return disk.lastModifiedMs(file);
    }

    @Override
    public Space space(Path path) throws IOException {
        return disk.space(path);
    }

    @Override
    public int openFileLimit() {
        return openFileLimit;
    }

    private static void refuse(boolean refuses, String what) throws IOException {
        if (refuses) {
            throw new IOException("this disk refuses to " + what);
        }
    }

    private final class Channel extends FileChannel {
        private final FileChannel channel;

        Channel(FileChannel channel) {
            this.channel = channel;
        }

        private void spend(ByteBuffer bytes, long position) throws IOException {
            if (bytes.remaining() > bytesLeft) {
                ByteBuffer part = bytes.duplicate();
                part.limit(part.position() + (int) bytesLeft);
                channel.write(part, position);
                throw new IOException("No space left on device");
            }
            bytesLeft -= bytes.remaining();
        }

        @Override
        public int write(ByteBuffer bytes) throws IOException {
            spend(bytes, channel.position());
            return channel.write(bytes);
        }

        @Override
        public int write(ByteBuffer bytes, long position) throws IOException {
            spend(bytes, position);
            return channel.write(bytes, position);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            refuse(refusesTruncate, "truncate");
            channel.truncate(size);
            return this;
        }

        @Override
        public void force(boolean metaData) throws IOException {
            refuse(refusesForce, "sync");
            forces++;
            if (!skipsForce) {
                channel.force(metaData);
            }
        }

        @Override
        public int read(ByteBuffer bytes) throws IOException {
            return channel.read(bytes);
        }

        @Override
        public int read(ByteBuffer bytes, long position) throws IOException {
            return channel.read(bytes, position);
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        protected void implCloseChannel() throws IOException {
            openChannels--;
            channel.close();
        }

        @Override
        public long position() throws IOException {
            return channel.position();
        }

        @Override
        public FileChannel position(long newPosition) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long read(ByteBuffer[] buffers, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long write(ByteBuffer[] buffers, int offset, int length) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel target) {
            throw new UnsupportedOperationException();
        }

        @Override
        public long transferFrom(ReadableByteChannel source, long position, long count) {
            throw new UnsupportedOperationException();
        }

        @Override
        public MappedByteBuffer map(MapMode mode, long position, long size) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock lock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            throw new UnsupportedOperationException();
        }
    }
}
