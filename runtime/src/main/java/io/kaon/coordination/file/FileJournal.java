// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import static io.kaon.common.Checks.invariant;
import static io.kaon.common.Checks.require;

import io.kaon.coordination.Journal;
import io.kaon.coordination.JournalException;
import io.kaon.coordination.JournalListener;
import io.kaon.coordination.JournalUndoneException;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.MetadataRecordCodec;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.StateMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * The journal of a cluster of one, in files of the data directory. Owned by {@code owner}; blocking work runs on the
 * disk threads, one task at a time but for a snapshot beside it. What is appended while a sync is under way shares
 * the next one. When a file has grown enough a new one begins, a snapshot is taken, and what it replaces is deleted.
 */
public final class FileJournal implements Journal {
    /** Size of a file at which the next one begins and a snapshot is taken. */
    public static final long DEFAULT_SEGMENT_BYTES = 8L << 20;

    /** One sync takes no more than this, unless one entry alone is larger. */
    private static final int MAX_BLOCK_BYTES = 1 << 20;

    /** After what share of its size a file that could not be followed by another one tries again. */
    private static final int ROLL_RETRIES_PER_SEGMENT = 8;

    /** Appends that may wait for the disk: far more than the controller lets wait. */
    private static final int MAX_PENDING = 10_000;

    private static final Logger LOG = Logger.getLogger(FileJournal.class);

    private final JournalFolder folder;
    private final SerialExecutor owner;
    private final Executor disk;
    private final long segmentBytes;

    private final ArrayDeque<Append> pending = new ArrayDeque<>();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private JournalListener listener;
    private SegmentWriter writer; // the disk task's while isBusy
    private volatile JournalException failure; // null while all is well; written by the owner
    private long endOffset;
    private long rollAtBytes;
    private boolean isBusy;
    private boolean isTakingSnapshot;
    private boolean isClosing;

    /** @param dataDirectory exists and is locked by this process */
    public FileJournal(Path dataDirectory, SerialExecutor owner, Executor disk) {
        this(dataDirectory, owner, disk, DEFAULT_SEGMENT_BYTES);
    }

    /** @param segmentBytes instead of {@link #DEFAULT_SEGMENT_BYTES} */
    public FileJournal(Path dataDirectory, SerialExecutor owner, Executor disk, long segmentBytes) {
        this(new JournalFolder(dataDirectory), owner, disk, segmentBytes);
    }

    FileJournal(JournalFolder folder, SerialExecutor owner, Executor disk, long segmentBytes) {
        require(segmentBytes > 0, "segmentBytes must be positive, was %s", segmentBytes);
        this.folder = folder;
        this.owner = owner;
        this.disk = disk;
        this.segmentBytes = segmentBytes;
        this.rollAtBytes = segmentBytes;
    }

    @Override
    public boolean hasFailed() {
        return failure != null;
    }

    @Override
    public CompletionStage<Void> follow(JournalListener newListener) {
        owner.assertInside();
        invariant(listener == null, "the journal in %s is followed already", folder);
        listener = newListener;
        CompletableFuture<Void> result = new CompletableFuture<>();
        onDisk(
                () -> {
                    JournalLoader.Loaded loaded = new JournalLoader(folder, new OwnersSink()).load();
                    return () -> onLoaded(loaded, result);
                },
                result::completeExceptionally);
        return result;
    }

    @Override
    public CompletionStage<Long> append(List<StateMessage> records) {
        owner.assertInside();
        if (failure != null || isClosing) {
            JournalException cause = failure != null ? failure : new JournalException("the journal is closed");
            return CompletableFuture.failedFuture(cause);
        }
        invariant(writer != null, "the journal in %s was not read yet", folder);
        invariant(pending.size() < MAX_PENDING, "more than %s appends wait for %s", MAX_PENDING, folder);
        BufferWriter entry = new BufferWriter();
        MetadataRecordCodec.write(entry, records);
        require(entry.size() <= JournalBlock.MAX_ENTRY_BYTES, "a journal entry of %s bytes is too large", entry.size());
        Append append = new Append(endOffset, entry.toByteArray(), List.copyOf(records), new CompletableFuture<>());
        endOffset++;
        pending.add(append);
        advance();
        return append.done();
    }

    @Override
    public long endOffset() {
        owner.assertInside();
        return endOffset;
    }

    @Override
    public CompletionStage<Void> close() {
        owner.assertInside();
        isClosing = true;
        advance();
        return closed;
    }

    /** Gives the disk its next work, if it has none. */
    private void advance() {
        if (isBusy) {
            return;
        }
        if (!pending.isEmpty()) {
            List<Append> group = nextGroup();
            onDisk(
                    () -> {
                        try {
                            writer.write(encode(group));
                        } catch (NothingAppendedException full) {
                            return () -> onNothingAppended(group, full);
                        }
                        return () -> onDurable(group);
                    },
                    cause -> group.forEach(append -> append.done().completeExceptionally(cause)));
        } else if (isClosing && !isTakingSnapshot && !closed.isDone()) {
            finish();
        }
    }

    private List<Append> nextGroup() {
        List<Append> group = new ArrayList<>();
        int sizeInBytes = 0;
        do {
            Append append = pending.poll();
            sizeInBytes += append.bytes().length;
            group.add(append);
        } while (!pending.isEmpty() && sizeInBytes + pending.peek().bytes().length <= MAX_BLOCK_BYTES);
        return group;
    }

    private static ByteBuffer encode(List<Append> group) {
        return JournalBlock.encode(
                group.get(0).offset(), group.stream().map(Append::bytes).toList());
    }

    private void onLoaded(JournalLoader.Loaded loaded, CompletableFuture<Void> result) {
        writer = loaded.writer();
        endOffset = loaded.endOffset();
        if (failure == null) {
            listener.onCaughtUp();
            result.complete(null);
        } else {
            result.completeExceptionally(failure);
        }
    }

    /** What waits was decided on what was not written: it goes the same way. */
    private void onNothingAppended(List<Append> group, NothingAppendedException full) {
        LOG.errorf("The metadata journal in %s could not be written: %s", folder, full.getMessage());
        JournalUndoneException undone = new JournalUndoneException(
                "the metadata journal in " + folder + " could not be written: " + full.getMessage(), full);
        List<Append> all = new ArrayList<>(group);
        all.addAll(pending);
        pending.clear();
        endOffset = group.get(0).offset();
        all.forEach(append -> append.done().completeExceptionally(undone));
    }

    private void onDurable(List<Append> group) {
        for (Append append : group) {
            tell(append.offset(), append.records());
            if (failure == null) {
                append.done().complete(append.offset());
            } else {
                append.done().completeExceptionally(failure);
            }
        }
        if (failure == null && writer.sizeInBytes() >= rollAtBytes && !isTakingSnapshot) {
            roll(group.get(group.size() - 1).offset());
        }
    }

    private void roll(long lastOffset) {
        Iterable<StateMessage> records = listener.snapshot();
        onDisk(
                () -> {
                    SegmentWriter next;
                    try {
                        next = SegmentWriter.create(folder, lastOffset + 1);
                    } catch (NothingAppendedException full) {
                        return () -> onNotRolled(full);
                    }
                    writer.close();
                    writer = next;
                    return () -> {
                        rollAtBytes = segmentBytes;
                        takeSnapshot(lastOffset, records);
                    };
                },
                cause -> {});
    }

    /** The old file goes on, which takes entries as long as the disk does; the next try is not at the next entry. */
    private void onNotRolled(NothingAppendedException full) {
        LOG.errorf("No new file of the metadata journal in %s could be made: %s", folder, full.getMessage());
        rollAtBytes = writer.sizeInBytes() + segmentBytes / ROLL_RETRIES_PER_SEGMENT;
    }

    /** Beside the appends. When it fails the older files stay, and the next file's end tries again. */
    private void takeSnapshot(long lastOffset, Iterable<StateMessage> records) {
        isTakingSnapshot = true;
        disk.execute(() -> {
            try {
                SnapshotFile.write(folder, lastOffset, records);
                folder.trim(lastOffset);
            } catch (IOException | RuntimeException failed) {
                LOG.errorf(failed, "No snapshot of the metadata could be written to %s", folder);
            }
            owner.execute(() -> {
                isTakingSnapshot = false;
                advance();
            });
        });
    }

    /** An empty block says that the file was closed properly, so that damage to the last entry is noticed, too. */
    private void finish() {
        if (writer == null) {
            closed.complete(null);
            return;
        }
        boolean isIntact = failure == null;
        onDisk(
                () -> {
                    try (SegmentWriter last = writer) {
                        if (isIntact) {
                            last.write(JournalBlock.encode(endOffset, List.of()));
                        }
                    }
                    return () -> closed.complete(null);
                },
                closed::completeExceptionally);
    }

    /** A listener that fails has lost the thread: nothing more can be decided on what it knows. */
    private void tell(long offset, List<StateMessage> records) {
        if (failure != null) {
            return;
        }
        try {
            listener.onRecords(offset, records);
        } catch (RuntimeException broken) {
            String message = "entry " + offset + " of the metadata journal contradicts those before it";
            fail(new JournalException(message, broken));
        }
    }

    private void fail(JournalException cause) {
        failure = cause;
        if (writer != null) { // otherwise the start fails, which says it
            LOG.errorf(cause, "The metadata journal in %s failed: metadata cannot be changed any more", folder);
        }
        pending.forEach(append -> append.done().completeExceptionally(cause));
        pending.clear();
    }

    /**
     * Runs the one disk task; what it returns runs inside the owner, then the next work begins.
     *
     * @param onFailure told inside the owner, after the journal has failed
     */
    private void onDisk(DiskTask task, Consumer<JournalException> onFailure) {
        isBusy = true;
        try {
            disk.execute(() -> {
                Runnable next = run(task, onFailure);
                owner.execute(() -> {
                    isBusy = false;
                    next.run();
                    advance();
                });
            });
        } catch (RejectedExecutionException gone) {
            isBusy = false;
            onDiskFailure(new JournalException("the disk threads were closed before the journal", gone), onFailure);
        }
    }

    private Runnable run(DiskTask task, Consumer<JournalException> onFailure) {
        try {
            return task.run();
        } catch (JournalException unusable) {
            return () -> onDiskFailure(unusable, onFailure);
        } catch (IOException | RuntimeException failed) {
            // whatever it is: a task that ended without a word would leave everybody waiting
            String message = "the metadata journal in " + folder + " cannot be read or written: " + failed.getMessage();
            return () -> onDiskFailure(new JournalException(message, failed), onFailure);
        }
    }

    private void onDiskFailure(JournalException cause, Consumer<JournalException> onFailure) {
        fail(cause);
        onFailure.accept(cause);
    }

    private interface DiskTask {
        Runnable run() throws IOException;
    }

    private record Append(long offset, byte[] bytes, List<StateMessage> records, CompletableFuture<Long> done) {}

    /** Hands what the loader reads to the owner, in order. */
    private final class OwnersSink implements JournalLoader.Sink {
        @Override
        public void onSnapshot(long offset) {
            owner.execute(() -> listener.onSnapshot(offset));
        }

        @Override
        public void onRecords(long offset, List<StateMessage> records) {
            owner.execute(() -> tell(offset, records));
        }
    }
}
