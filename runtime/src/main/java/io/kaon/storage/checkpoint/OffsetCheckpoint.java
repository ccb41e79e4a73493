// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import io.kaon.common.TopicPartition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A file with one offset per partition: {@code recovery-point-offset-checkpoint}, {@code log-start-offset-checkpoint},
 * {@code replication-offset-checkpoint}. Each line is {@code topic partition offset}. Blocks: disk threads only.
 *
 * @param disk where
 * @param file which
 */
public record OffsetCheckpoint(Disk disk, Path file) {
    private static final int FIELDS = 3;

    /** Replaces the file. */
    public void write(Map<TopicPartition, Long> offsets) throws IOException {
        List<String> lines = new ArrayList<>(offsets.size());
        new TreeMap<>(offsets)
                .forEach((name, offset) -> lines.add(name.topic() + " " + name.partition() + " " + offset));
        AtomicFile.write(disk, file, CheckpointText.format(lines));
    }

    /**
     * What was written last; empty when there is no such file. Throws {@link CorruptFileException} when it is
     * damaged.
     */
    public Optional<Map<TopicPartition, Long>> read() throws IOException {
        Optional<String> text = AtomicFile.readText(disk, file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (String[] fields : CheckpointText.parse(file, text.get(), FIELDS)) {
            long partition = CheckpointText.number(file, fields[1]);
            long offset = CheckpointText.number(file, fields[2]);
            if (partition < 0 || partition > Integer.MAX_VALUE || offset < 0) {
                throw new CorruptFileException(file, "has a negative or too large number");
            }
            offsets.put(new TopicPartition(fields[0], (int) partition), offset);
        }
        return Optional.of(offsets);
    }
}
