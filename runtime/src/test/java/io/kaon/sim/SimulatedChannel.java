// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import io.kaon.sim.DiskOperation.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file of a {@link SimulatedDisk}. It ends with the process that opened it. One thread. */
final class SimulatedChannel extends FileChannel {
    private final SimulatedDisk disk;
    private final Path path;
    private final SimulatedFile file;
    private final boolean reads;
    private final boolean writes;
    private final int life;
    private long position;

    SimulatedChannel(SimulatedDisk disk, Path path, SimulatedFile file, boolean reads, boolean writes) {
        this.disk = disk;
        this.path = path;
        this.file = file;
        this.reads = reads;
        this.writes = writes;
        this.life = disk.life();
    }

    private void alive() throws IOException {
        if (!isOpen() || life != disk.life()) {
            throw new ClosedChannelException();
        }
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        int count = read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int read(ByteBuffer target, long from) throws IOException {
        alive();
        if (!reads) {
            throw new NonReadableChannelException();
        }
        long count = Math.max(0, Math.min(target.remaining(), file.size() - from));
        disk.perform(new DiskOperation(Kind.READ, path, count), () -> {});
        return file.read(target, from);
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
        int count = write(bytes, position);
        position += count;
        return count;
    }

    @Override
    public int write(ByteBuffer bytes, long at) throws IOException {
        alive();
        if (!writes) {
            throw new NonWritableChannelException();
        }
        int count = disk.room(Math.max(0, at + bytes.remaining() - file.size()), bytes.remaining());
        ByteBuffer part = bytes.slice(bytes.position(), count);
        disk.perform(new DiskOperation(Kind.WRITE, path, count), () -> file.write(part.duplicate(), at, disk.nowMs()));
        bytes.position(bytes.position() + count);
        return count;
    }

    @Override
    public long position() throws IOException {
        alive();
        return position;
    }

    @Override
    public FileChannel position(long newPosition) throws IOException {
        alive();
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        alive();
        return file.size();
    }

    @Override
    public FileChannel truncate(long newSize) throws IOException {
        alive();
        if (!writes) {
            throw new NonWritableChannelException();
        }
        if (newSize < file.size()) {
            disk.perform(new DiskOperation(Kind.TRUNCATE, path, 0), () -> file.truncate(newSize, disk.nowMs()));
        }
        position = Math.min(position, newSize);
        return this;
    }

    @Override
    public void force(boolean metaData) throws IOException {
        alive();
        disk.perform(new DiskOperation(Kind.FORCE, path, 0), file::sync);
    }

    @Override
    public long transferTo(long from, long count, WritableByteChannel target) throws IOException {
        int bytes = (int) Math.max(0, Math.min(count, file.size() - from));
        ByteBuffer copy = ByteBuffer.allocate(bytes);
        read(copy, from);
        return target.write(copy.flip());
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long at, long count) throws IOException {
        ByteBuffer copy = ByteBuffer.allocate((int) Math.min(count, 1 << 20));
        return source.read(copy) < 0 ? 0 : write(copy.flip(), at);
    }

    @Override
    public long read(ByteBuffer[] targets, int offset, int length) throws IOException {
        long total = 0;
        for (int index = offset; index < offset + length; index++) {
            int count = read(targets[index]);
            if (count < 0) {
                return total == 0 ? -1 : total;
            }
            total += count;
        }
        return total;
    }

    @Override
    public long write(ByteBuffer[] sources, int offset, int length) throws IOException {
        long total = 0;
        for (int index = offset; index < offset + length; index++) {
            total += write(sources[index]);
        }
        return total;
    }

    @Override
    public FileLock lock(long from, long size, boolean shared) throws IOException {
        return tryLock(from, size, shared);
    }

    @Override
    public FileLock tryLock(long from, long size, boolean shared) throws IOException {
        alive();
        return new Lock(this, from, size, shared);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long from, long size) {
        throw new UnsupportedOperationException("a simulated file cannot be mapped");
    }

    @Override
    protected void implCloseChannel() {
        disk.onClosed(life);
    }

    /** One process at a time has the disk, so a lock is always free. */
    private static final class Lock extends FileLock {
        private boolean isValid = true;

        Lock(FileChannel channel, long position, long size, boolean shared) {
            super(channel, position, size, shared);
        }

        @Override
        public boolean isValid() {
            return isValid && acquiredBy().isOpen();
        }

        @Override
        public void release() {
            isValid = false;
        }
    }
}
