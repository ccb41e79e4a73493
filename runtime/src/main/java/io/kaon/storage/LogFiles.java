// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.checkpoint.LeaderEpochs;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.segment.NothingWrittenException;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentFiles;
import io.kaon.storage.segment.SegmentLoader;
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
 * fails goes to {@code onFailure}, from any thread.
 */
final class LogFiles {
    private final LogContext context;
    private final PartitionFolder folder;
    private final SegmentLoader loader;
    private final DiskLane lane;
    private final Consumer<IOException> onFailure;
    private final Executor owner;
    private Optional<SpareFile> spare = Optional.empty();
    private boolean isSpareOrdered;
    private boolean isReleased;
    private boolean exists;

    LogFiles(
            LogContext context,
            PartitionFolder folder,
            boolean exists,
            Executor owner,
            Consumer<IOException> onFailure) {
        this.context = context;
        this.owner = owner;
        this.folder = folder;
        this.loader = folder.segments();
        this.lane = new DiskLane(context.diskThreads());
        this.exists = exists;
        this.onFailure = onFailure;
    }

    /** Whether the partition has a folder: it gets one with its first record. */
    boolean exists() {
        return exists;
    }

    /** Has a file made for the next segment, unless there is one. */
    void orderSpare() {
        if (!isSpareOrdered) {
            isSpareOrdered = true;
            submit(() -> {
                SpareFile made = SpareFile.make(folder.files());
                owner.execute(() -> onSpare(made));
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

    private Optional<SpareFile> takeSpare() {
        Optional<SpareFile> unused = spare;
        spare = Optional.empty();
        isReleased = true;
        return unused;
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
    Segment create(long baseOffset, LeaderEpochs epochs) throws IOException {
        if (spare.isPresent()) {
            Segment segment = spare.get().begin(baseOffset);
            spare = Optional.empty();
            isSpareOrdered = false;
            submit(() -> {
                SpareFile.giveName(segment);
                loader.createIndexes(segment);
                context.disk().syncDirectory(folder.path());
            });
            return segment;
        }
        boolean isFirst = !exists;
        Segment segment = createHere(baseOffset);
        submit(() -> {
            loader.createIndexes(segment);
            if (isFirst) {
                folder.writeEpochs(epochs);
                folder.sync();
            } else {
                context.disk().syncDirectory(folder.path());
            }
        });
        return segment;
    }

    private Segment createHere(long baseOffset) throws IOException {
        try {
            if (!exists) {
                folder.create();
                exists = true;
            }
            return loader.create(baseOffset);
        } catch (IOException failure) {
            // An empty segment must not stay: the one before it goes on past its offset.
            context.disk().delete(folder.files().path(baseOffset, SegmentFiles.LOG));
            throw new NothingWrittenException(failure);
        }
    }

    /** Makes a segment durable to which nothing is added any more, and the producers as they were at its end. */
    CompletableFuture<Void> seal(Segment segment, long endOffset, List<ProducerEntry> producers) {
        return submit(() -> {
            loader.seal(segment);
            folder.writeSnapshot(endOffset, producers);
        });
    }

    /** Makes durable what the last segment has now. */
    CompletableFuture<Void> flush(Segment segment) {
        SegmentLoader.PendingIndexes pending = SegmentLoader.pendingOf(segment);
        return submit(() -> loader.flush(pending));
    }

    void writeEpochs(LeaderEpochs epochs) {
        if (exists) {
            submit(() -> folder.writeEpochs(epochs));
        }
    }

    /** Renames the segments' files now and removes them after a delay. */
    void delete(List<Segment> segments, long delayMs) {
        submit(() -> {
            for (Segment segment : segments) {
                loader.markDeleted(segment);
            }
            context.scheduler().schedule(delayMs, () -> context.diskThreads().execute(() -> remove(segments)));
        });
    }

    private void remove(List<Segment> segments) {
        try {
            for (Segment segment : segments) {
                loader.remove(segment);
            }
        } catch (IOException failure) {
            onFailure.accept(failure);
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
            onFailure.accept(failure);
        }
    }

    /** Other work on the files, in its turn. A failure is told before the next work begins. */
    CompletableFuture<Void> submit(DiskLane.Work work) {
        return lane.submit(() -> {
            try {
                work.run();
            } catch (IOException failure) {
                onFailure.accept(failure);
                throw failure;
            } catch (RuntimeException failure) {
                onFailure.accept(new IOException(failure));
                throw failure;
            }
        });
    }
}
