// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.storage.checkpoint.CorruptFileException;
import io.kaon.storage.checkpoint.PartitionMetadataFile;
import io.kaon.storage.segment.SegmentFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * The folders of a data directory's partitions: which there are, whose they are, and how they go. Everything blocks: disk
 * threads, any number of them. Who decides about a folder by the topic id in it does so alone for that name, so that what
 * is put away is what was looked at (S12).
 */
final class PartitionFolders {
    private static final Logger LOG = Logger.getLogger(LogDirectory.class);

    private final LogContext context;
    private final Path path;
    private final DirectoryState state;
    /** Names about which somebody decides now; the value says nothing. */
    private final Map<TopicPartition, Boolean> decisions = new ConcurrentHashMap<>();

    PartitionFolders(LogContext context, Path path, DirectoryState state) {
        this.context = context;
        this.path = path;
        this.state = state;
    }

    /** A partition's folder, whether it is there or not. */
    PartitionFolder of(TopicPartition name, Uuid topicId) {
        return new PartitionFolder(context.disk(), pathOf(name), name, topicId);
    }

    Path pathOf(TopicPartition name) {
        return path.resolve(name.toString());
    }

    /** The partitions that have a folder, by its name alone. */
    List<TopicPartition> names() throws IOException {
        List<TopicPartition> names = new ArrayList<>();
        for (Path folder : context.disk().list(path)) {
            PartitionName.parse(folder.getFileName().toString()).ifPresent(names::add);
        }
        return names;
    }

    /** The same with the topic ids, each of which is read. */
    Collection<LogDescriptor> existing() throws IOException {
        List<LogDescriptor> found = new ArrayList<>();
        for (TopicPartition name : names()) {
            found.add(new LogDescriptor(name, topicIdOf(name)));
        }
        return found;
    }

    private Optional<Uuid> topicIdOf(TopicPartition name) throws IOException {
        try {
            return PartitionMetadataFile.in(context.disk(), pathOf(name)).read();
        } catch (CorruptFileException damaged) {
            LOG.warn(damaged.getMessage());
            return Optional.empty();
        }
    }

    /** When the newest segment of a partition was written last, in ms; 0 when that cannot be said. */
    long lastWriteMs(TopicPartition name) throws IOException {
        SegmentFiles files = new SegmentFiles(context.disk(), pathOf(name));
        SortedSet<Long> bases = files.find(SegmentFiles.LOG);
        try {
            return bases.isEmpty() ? 0 : context.disk().lastModifiedMs(files.path(bases.last(), SegmentFiles.LOG));
        } catch (NoSuchFileException opened) {
            return 0;
        }
    }

    /** Whether the folder is there and this topic's; one of another topic is put away. */
    boolean claim(PartitionFolder folder) throws IOException {
        return alone(folder.name(), () -> claimAlone(folder));
    }

    private boolean claimAlone(PartitionFolder folder) throws IOException {
        if (context.disk().list(folder.path()).isEmpty()) {
            return false;
        }
        Optional<Uuid> found = topicIdOf(folder.name());
        if (found.isPresent() && found.get().equals(folder.topicId())) {
            return true;
        }
        if (found.isEmpty() && state.checkpointOf(folder.name()).recoveryPoint() != 0) {
            throw new IOException(
                    folder.path() + " has records, but no topic id in " + PartitionMetadataFile.FILE_NAME);
        }
        LOG.warnf("%s belongs to topic id %s, not to %s: it is put away", folder.path(), found, folder.topicId());
        putAway(folder);
        return false;
    }

    /** Takes a folder away if it is this topic's. */
    void delete(TopicPartition name, Uuid topicId) throws IOException {
        alone(name, () -> {
            boolean isThere = topicIdOf(name).filter(topicId::equals).isPresent();
            if (isThere) {
                putAway(of(name, topicId));
            }
            return isThere;
        });
    }

    /**
     * Puts away the folders of partitions that are not this broker's.
     *
     * @param isOpen whose folders are in use
     * @return how many
     */
    int removeStray(Predicate<TopicPartition> isOpen, BiPredicate<TopicPartition, Uuid> belongs) throws IOException {
        int count = 0;
        for (TopicPartition name : names()) {
            if (!isOpen.test(name) && alone(name, () -> removeIfStray(name, isOpen, belongs))) {
                count++;
            }
        }
        return count;
    }

    private boolean removeIfStray(
            TopicPartition name, Predicate<TopicPartition> isOpen, BiPredicate<TopicPartition, Uuid> belongs)
            throws IOException {
        Optional<Uuid> topicId = topicIdOf(name);
        if (topicId.isEmpty() || isOpen.test(name) || belongs.test(name, topicId.get())) {
            return false;
        }
        LOG.infof("%s with topic id %s is not this broker's: it is put away", name, topicId.get());
        putAway(of(name, topicId.get()));
        return true;
    }

    private void putAway(PartitionFolder folder) throws IOException {
        Path target = folder.markDeleted(context.ids().get());
        state.forget(folder.name());
        context.diskThreads().execute(() -> remove(target));
    }

    /** Removes what an earlier life has put away and not removed. */
    void removeLeftovers() throws IOException {
        for (Path folder : context.disk().list(path)) {
            if (PartitionName.isDeleted(folder.getFileName().toString())) {
                context.diskThreads().execute(() -> remove(folder));
            }
        }
    }

    private void remove(Path folder) {
        try {
            PartitionFolder.remove(context.disk(), folder);
        } catch (IOException failure) {
            LOG.warnf(failure, "%s could not be removed", folder);
        }
    }

    private interface Decision {
        boolean decide() throws IOException;
    }

    private boolean alone(TopicPartition name, Decision decision) throws IOException {
        boolean[] result = new boolean[1];
        try {
            decisions.compute(name, (ignored, nobody) -> {
                try {
                    result[0] = decision.decide();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
                return null;
            });
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return result[0];
    }
}
