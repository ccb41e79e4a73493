// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import static io.kaon.common.Checks.invariant;

import io.kaon.record.SharedFile;
import io.kaon.storage.checkpoint.Disk;
import io.kaon.storage.checkpoint.SyncFailedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Entries of one size in ascending order: most of them in a file, the newest in memory until there are enough for one
 * write. Written by one thread at a time (the log's owner; after the segment is sealed, its disk work), searched
 * by any.
 */
final class SparseIndex {
    /** Entries that wait in memory for one write to the page cache. */
    static final int MAX_PENDING = 512;

    private static final int FIRST_PENDING = 16;
    /** Entries that a search reads at once when it has come so close. */
    private static final int BLOCK_ENTRIES = 128;

    /** Entries that are read at once where all are. */
    static final int CHUNK_ENTRIES = 8_192;

    private final int entryBytes;
    private final int keyAt;
    private final SharedFileSlot slot;
    private volatile State state;
    private volatile int count;

    /** What is in the file, and the buffer that takes what follows. Bytes that were once counted never change. */
    private record State(int inFile, ByteBuffer pending) {}

    /** Entries that are only in memory, and where in the file they belong. */
    record Pending(long position, ByteBuffer bytes) {}

    /** An index whose entries begin with their key. */
    SparseIndex(Disk disk, Path file, int entryBytes, int entriesInFile) {
        this(disk, file, entryBytes, 0, entriesInFile);
    }

    /** @param keyAt where in an entry the field is that ascends */
    SparseIndex(Disk disk, Path file, int entryBytes, int keyAt, int entriesInFile) {
        this.entryBytes = entryBytes;
        this.keyAt = keyAt;
        this.slot = new SharedFileSlot(disk, file);
        this.state = new State(entriesInFile, ByteBuffer.allocate(0));
        this.count = entriesInFile;
    }

    SharedFileSlot slot() {
        return slot;
    }

    int count() {
        return count;
    }

    /** Whether a search needs no file to be opened. Any thread. */
    boolean isReadable() {
        return state.inFile() == 0 || slot.isOpen();
    }

    /** Whether many more entries can be added without opening the file. The writer's. */
    boolean hasRoomAtHand() {
        return count - state.inFile() < MAX_PENDING / 2 || slot.isOpen();
    }

    /** Adds an entry. When memory is full, this writes it out to the page cache: one write in {@value #MAX_PENDING}. */
    void append(long first, int second) throws IOException {
        State room = roomForOne();
        int at = (count - room.inFile()) * entryBytes;
        if (entryBytes == Long.BYTES) {
            room.pending().putInt(at, (int) first).putInt(at + Integer.BYTES, second);
        } else {
            room.pending().putLong(at, first).putInt(at + Long.BYTES, second);
        }
        count = count + 1;
    }

    /** Adds an entry whose bytes are the buffer's, from 0 on. */
    void append(ByteBuffer entry) throws IOException {
        State room = roomForOne();
        room.pending().put((count - room.inFile()) * entryBytes, entry, 0, entryBytes);
        count = count + 1;
    }

    private State roomForOne() throws IOException {
        State now = state;
        int pending = count - now.inFile();
        if (pending * entryBytes < now.pending().capacity()) {
            return now;
        }
        state = pending >= MAX_PENDING && isWritten()
                ? new State(count, ByteBuffer.allocate(MAX_PENDING * entryBytes))
                : new State(now.inFile(), larger(now.pending(), pending));
        return state;
    }

    /** Where it fails, for lack of room say, the entries stay in memory until {@link #seal}, which says so. */
    private boolean isWritten() {
        try {
            write(pending());
            return true;
        } catch (IOException failure) {
            return false;
        }
    }

    private ByteBuffer larger(ByteBuffer full, int entries) {
        ByteBuffer larger = ByteBuffer.allocate(Math.max(FIRST_PENDING, entries * 2) * entryBytes);
        return larger.put(0, full, 0, entries * entryBytes);
    }

    /** What is in memory only; the file needs it before a sync means something. */
    Pending pending() {
        State now = state;
        int bytes = (count - now.inFile()) * entryBytes;
        return new Pending((long) now.inFile() * entryBytes, now.pending().slice(0, bytes));
    }

    /** Writes entries to their place in the file, creating it if it is missing. Blocks. */
    void write(Pending entries) throws IOException {
        SharedFile file = retainOrCreate();
        try {
            ByteBuffer bytes = entries.bytes().duplicate();
            while (bytes.hasRemaining()) {
                file.channel().write(bytes, entries.position() + bytes.position());
            }
        } finally {
            file.release();
        }
    }

    /** Moves everything to the file, cuts the file there and syncs it. Only while nobody appends. Blocks. */
    void seal() throws IOException {
        write(pending());
        state = new State(count, ByteBuffer.allocate(0));
        SharedFile file = retainOrCreate();
        try {
            file.channel().truncate((long) count * entryBytes);
            SyncFailedException.sync(file.channel());
        } finally {
            file.release();
        }
    }

    /** Syncs what is in the file. Blocks. */
    void force() throws IOException {
        SharedFile file = retainOrCreate();
        try {
            SyncFailedException.sync(file.channel());
        } finally {
            file.release();
        }
    }

    /** The file was replaced by one of so many entries. Only while nobody else uses the index. */
    void replaced(int entries) {
        slot.close();
        state = new State(entries, ByteBuffer.allocate(0));
        count = entries;
    }

    /** Forgets the entries from this one on; their removal may be lost with the power. Before anybody uses the log. Blocks. */
    void forgetFrom(int entries) throws IOException {
        invariant(entries <= count, "an index of %s entries cannot be cut to %s", count, entries);
        if (entries < count) {
            SharedFile file = retainOrCreate();
            try {
                file.channel().truncate((long) entries * entryBytes);
            } finally {
                file.release();
            }
            count = entries;
            state = new State(entries, ByteBuffer.allocate(0));
        }
    }

    /** Makes an empty file of it, durably if it was not empty. Before anybody uses the log. Blocks. */
    void clear() throws IOException {
        if (count > 0 || slot.sizeInBytes() != 0) {
            count = 0;
            state = new State(0, ByteBuffer.allocate(0));
            seal();
        }
    }

    /** Forgets the entries from this one on. Only while nobody else reads what is forgotten. Blocks. */
    void truncateTo(int entries) throws IOException {
        invariant(entries <= count, "an index of %s entries cannot be cut to %s", count, entries);
        write(pending());
        count = entries;
        state = new State(entries, ByteBuffer.allocate(0));
        seal();
    }

    private SharedFile retainOrCreate() throws IOException {
        slot.openWithIfClosed(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return slot.retain().orElseThrow(() -> new IOException(slot.path() + " is deleted"));
    }

    /** The index of the last entry whose first field is at most {@code key}; −1 when there is none. May block. */
    int floor(long key) throws IOException {
        int entries = count;
        State now = state;
        int inFile = now.inFile();
        if (entries == 0) {
            return -1;
        }
        if (entries > inFile && firstAt(now.pending(), 0) <= key) {
            int inMemory = Math.min(entries - inFile, now.pending().capacity() / entryBytes);
            return inFile + floorIn(now.pending(), inMemory, key);
        }
        return floorInFile(Math.min(inFile, entries), key);
    }

    private int floorInFile(int entries, long key) throws IOException {
        int low = 0;
        int high = entries;
        while (high - low > BLOCK_ENTRIES) {
            int middle = (low + high) >>> 1;
            if (firstAt(readFile(middle, 1), 0) <= key) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high == low ? -1 : low + floorIn(readFile(low, high - low), high - low, key);
    }

    private int floorIn(ByteBuffer block, int entries, long key) {
        int low = -1;
        int high = entries;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (firstAt(block, middle * entryBytes) <= key) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long firstAt(ByteBuffer block, int position) {
        return entryBytes == Long.BYTES ? block.getInt(position) : block.getLong(position + keyAt);
    }

    /** The bytes of one entry, at position 0. May block. */
    ByteBuffer entry(int index) throws IOException {
        State now = state;
        return index < now.inFile()
                ? readFile(index, 1)
                : now.pending().slice((index - now.inFile()) * entryBytes, entryBytes);
    }

    /** Entries of the file, one after the other, from position 0. Blocks. */
    ByteBuffer readFile(int index, int entries) throws IOException {
        Optional<SharedFile> file = slot.retain();
        if (file.isEmpty()) {
            throw new SegmentGoneException(slot.path());
        }
        try {
            FileChannel channel = file.get().channel();
            ByteBuffer block = ByteBuffer.allocate(entries * entryBytes);
            long position = (long) index * entryBytes;
            while (block.hasRemaining()) {
                if (channel.read(block, position + block.position()) < 0) {
                    throw new IOException(slot.path() + " ends before its entry " + (index + entries - 1));
                }
            }
            return block;
        } finally {
            file.get().release();
        }
    }
}
