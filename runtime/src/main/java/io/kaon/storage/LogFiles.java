// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.checkpoint.SyncFailedException;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.segment.NothingWrittenException;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentFiles;
import io.kaon.storage.segment.SegmentLoader;
import io.kaon.storage.segment.SegmentSwap;
import io.kaon.storage.segment.SpareFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The files of one log and the work on them: what may block goes to disk threads, in order. Owned by the log's
 * owner; what
 * fails goes to {@code health}.
 */
final class LogFiles {
    /** After what time something is tried again that failed, for lack of room say. */
    static final long RETRY_MS = 10_000;

    private final LogContext context;
    private final PartitionFolder folder;
    private final SegmentLoader loader;
    private final DiskLane lane;
    private final LogHealth health;
    private final Unwritten unwritten;
    private final Executor owner;
    private Optional<SpareFile> spare = Optional.empty();
    private CompletableFuture<Void> naming = CompletableFuture.completedFuture(null);
    private boolean isSpareOrdered;
    private boolean isReleased;
    private boolean exists;
    /** Whether what the life before has named is on disk under its names. Of the work in the lane. */
    private boolean isNamed;

    LogFiles(LogContext context, PartitionFolder folder, LoadedLog loaded, Executor owner, LogHealth health) {
        this.context = context;
        this.owner = owner;
        this.folder = folder;
        this.loader = folder.segments();
        this.lane = new DiskLane(context.diskThreads());
        this.exists = loaded.exists();
        this.isNamed = loaded.isNamed();
        this.health = health;
        this.unwritten = new Unwritten(folder);
    }

    /** Whether the partition has a folder: it gets one with its first record. */
    boolean exists() {
        return exists;
    }

    /** Whether the next segment can begin without a look at the disk. */
    boolean hasSpare() {
        return spare.isPresent();
    }

    /** Has a file made for the next segment, unless there is one. */
    void orderSpare(SegmentOptions options) {
        if (!isSpareOrdered) {
            isSpareOrdered = true;
            attempt(() -> {
                        SpareFile made = SpareFile.make(folder.files(), options.initialBytes());
                        owner.execute(() -> onSpare(made));
                    })
                    .whenComplete((ignored, failure) -> {
                        if (failure != null) {
                            context.scheduler().schedule(RETRY_MS, () -> owner.execute(() -> isSpareOrdered = false));
                        }
                    });
        }
    }

    private void onSpare(SpareFile made) {
        if (isReleased) {
            // Too late. The file stays, because its name may be another's by now; the next life takes it away.
            made.letGo();
        } else {
            spare = Optional.of(made);
        }
    }

    /** The log is not in use for the time being: what was made ahead goes. */
    void dropSpare() {
        if (spare.isPresent()) {
            SpareFile unused = spare.get();
            spare = Optional.empty();
            isSpareOrdered = false;
            submit(unused::remove);
        }
    }

    private Optional<SpareFile> takeSpare() {
        Optional<SpareFile> unused = spare;
        spare = Optional.empty();
        isReleased = true;
        return unused;
    }

    /**
     * Whether the newest segment will be found after a loss of power. Only then may another one follow it: if that one
     * were found alone, it would have a hole before it.
     */
    boolean isNamed() {
        return naming.isDone();
    }

    /**
     * A new segment, ready to be written. Its name is the offset of the record that waits to be written, so this
     * happens here
     * and now: with a file that was made before, or, at the first record and where rolls follow each other
     * quickly, by making one; never
     * with a sync or a rename. The rest follows on a disk thread.
     *
     * @throws NothingWrittenException when the file could not be made, and is not there
     */
    Segment create(long baseOffset, LeaderEpochs epochs, SegmentOptions options) throws IOException {
        if (spare.isPresent()) {
            Segment segment = spare.get().begin(baseOffset);
            spare = Optional.empty();
            isSpareOrdered = false;
            naming = submit(() -> {
                SpareFile.giveName(segment);
                createIndexes(segment);
                SyncFailedException.syncFolder(context.disk(), folder.path());
            });
            return segment;
        }
        boolean isFirst = !exists;
        Segment segment = createHere(baseOffset, options.initialBytes());
        naming = submit(() -> {
            createIndexes(segment);
            if (isFirst) {
                unwritten.addEpochs(epochs);
                folder.sync();
            } else {
                SyncFailedException.syncFolder(context.disk(), folder.path());
            }
        });
        if (isFirst) {
            attempt(unwritten::write);
        }
        return segment;
    }

    /** Where this fails, the first sync of the indexes makes them. */
    private void createIndexes(Segment segment) {
        try {
            loader.createIndexes(segment);
        } catch (IOException failure) {
            health.onSetback(failure);
        }
    }

    private Segment createHere(long baseOffset, int initialBytes) throws IOException {
        try {
            if (!exists) {
                folder.create();
                exists = true;
            }
            return loader.create(baseOffset, initialBytes);
        } catch (IOException failure) {
            // An empty segment must not stay: the one before it goes on past its offset.
            context.disk().delete(folder.files().path(baseOffset, SegmentFiles.LOG));
            throw new NothingWrittenException(failure);
        }
    }

    /** Makes a segment durable to which nothing is added any more, and the producers as they were at its end. */
    CompletableFuture<Void> seal(Segment segment, long endOffset, List<ProducerEntry> producers) {
        return attempt(() -> timed(() -> {
            unwritten.addEnded(segment);
            syncNames();
            unwritten.write();
            folder.writeSnapshot(endOffset, producers);
        }));
    }

    /** Makes the records durable that the last segment has now, without its indexes. */
    CompletableFuture<Void> sync(Segment segment) {
        return attempt(() -> timed(() -> {
            syncNames();
            unwritten.syncRecords();
            loader.sync(segment);
        }));
    }

    private void timed(DiskLane.Work sync) throws IOException {
        long startNs = context.clock().nanos();
        sync.run();
        context.flushes().record(context.clock().nanos() - startNs);
    }

    /** Before anything counts as synced that was found after a crash. */
    private void syncNames() throws IOException {
        if (!isNamed) {
            folder.sync();
            isNamed = true;
        }
    }

    /** Makes durable what the last segment has now. */
    CompletableFuture<Void> flush(Segment segment) {
        SegmentLoader.PendingIndexes pending = SegmentLoader.pendingOf(segment);
        return attempt(() -> timed(() -> {
            syncNames();
            unwritten.write();
            loader.flush(pending);
        }));
    }

    void writeEpochs(LeaderEpochs epochs) {
        if (exists) {
            attempt(() -> {
                unwritten.addEpochs(epochs);
                unwritten.write();
            });
        }
    }

    /** Renames the segments' files now and removes them after a delay. */
    void delete(List<Segment> segments, long delayMs) {
        submit(() -> {
            unwritten.forget(segments);
            for (Segment segment : segments) {
                loader.markDeleted(segment);
                // One after the other: what a crash brings back must not have a hole behind it.
                context.disk().syncDirectory(folder.path());
            }
            context.scheduler().schedule(delayMs, () -> context.diskThreads().execute(() -> remove(segments)));
        });
    }

    /** Shortens the files of these segments, which others stand for afterwards. */
    CompletableFuture<Void> cut(List<Segment> segments, DiskLane.Work work) {
        return submit(() -> {
            unwritten.syncRecords();
            unwritten.forget(segments);
            work.run();
        });
    }

    /** Puts a compacted segment into the place of others, whose files are removed after a delay. */
    CompletableFuture<Void> replace(List<Segment> old, Segment cleaned, long delayMs) {
        return submit(() -> {
            unwritten.forget(old);
            new SegmentSwap(folder.files()).replace(old, cleaned);
            context.scheduler().schedule(delayMs, () -> context.diskThreads().execute(() -> remove(old)));
        });
    }

    private void remove(List<Segment> segments) {
        try {
            for (Segment segment : segments) {
                loader.remove(segment);
            }
        } catch (IOException failure) {
            health.onSetback(failure);
        }
    }

    /** Lets go of all open files when the work before is done. */
    CompletableFuture<Void> close(List<Segment> segments) {
        Optional<SpareFile> unused = takeSpare();
        return submit(() -> {
            segments.forEach(SegmentLoader::close);
            if (unused.isPresent()) {
                unused.get().remove();
            }
        });
    }

    /** Renames the folder, which takes the partition away, and removes it after a delay. */
    CompletableFuture<Void> deleteFolder(List<Segment> segments, long delayMs) {
        if (!exists) {
            return CompletableFuture.completedFuture(null);
        }
        Optional<SpareFile> unused = takeSpare();
        return submit(() -> {
            // First nobody opens the files any more: a reader would miss one that should be there.
            segments.forEach(SegmentLoader::giveUp);
            unused.ifPresent(SpareFile::letGo);
            Path target = folder.markDeleted(context.ids().get());
            context.scheduler().schedule(delayMs, () -> context.diskThreads().execute(() -> removeFolder(target)));
        });
    }

    private void removeFolder(Path target) {
        try {
            PartitionFolder.remove(context.disk(), target);
        } catch (IOException failure) {
            health.onSetback(failure);
        }
    }

    /**
     * Other work on the files, in its turn. Any failure takes the log offline; it is told before the next work begins.
     */
    CompletableFuture<Void> submit(DiskLane.Work work) {
        return inTurn(work, health::onFailure);
    }

    /** Writes down the producers as they are at the log's end, durably. */
    CompletableFuture<Void> snapshot(long endOffset, List<ProducerEntry> producers) {
        return attempt(() -> folder.writeSnapshot(endOffset, producers));
    }

    /** Takes away a snapshot that nobody needs any more. */
    void forgetSnapshot(long offset) {
        attempt(() -> context.disk().delete(folder.files().path(offset, SegmentFiles.SNAPSHOT)));
    }

    /** Work that may fail, for lack of room say, and is tried again: only a sync that failed takes the log offline. */
    private CompletableFuture<Void> attempt(DiskLane.Work work) {
        return inTurn(work, failure -> {
            if (failure instanceof SyncFailedException) {
                health.onFailure(failure);
            } else {
                health.onSetback(failure);
            }
        });
    }

    private CompletableFuture<Void> inTurn(DiskLane.Work work, Consumer<IOException> onFailure) {
        return lane.submit(() -> {
            try {
                work.run();
            } catch (IOException failure) {
                onFailure.accept(failure);
                throw failure;
            } catch (RuntimeException failure) {
                health.onFailure(new IOException(failure));
                throw failure;
            }
        });
    }
}
