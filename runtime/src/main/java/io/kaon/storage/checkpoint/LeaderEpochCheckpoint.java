// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A partition's {@code leader-epoch-checkpoint}: one line {@code epoch startOffset} for each epoch. Blocks.
 *
 * @param disk where
 * @param file which
 */
public record LeaderEpochCheckpoint(Disk disk, Path file) {
    /** The file's name in the partition's folder. */
    public static final String FILE_NAME = "leader-epoch-checkpoint";

    private static final int FIELDS = 2;

    /** The checkpoint of the partition in this folder. */
    public static LeaderEpochCheckpoint in(Disk disk, Path partitionDirectory) {
        return new LeaderEpochCheckpoint(disk, partitionDirectory.resolve(FILE_NAME));
    }

    /** Replaces the file. */
    public void write(LeaderEpochs epochs) throws IOException {
        List<String> lines = new ArrayList<>(epochs.size());
        for (int index = 0; index < epochs.size(); index++) {
            lines.add(epochs.epoch(index) + " " + epochs.startOffset(index));
        }
        AtomicFile.write(disk, file, CheckpointText.format(lines));
    }

    /**
     * What was written last; empty when there is no such file. Throws {@link CorruptFileException} when it is
     * damaged.
     */
    public Optional<LeaderEpochs> read() throws IOException {
        Optional<String> text = AtomicFile.readText(disk, file);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        LeaderEpochs epochs = LeaderEpochs.NONE;
        long lastOffset = -1;
        for (String[] fields : CheckpointText.parse(file, text.get(), FIELDS)) {
            long epoch = CheckpointText.number(file, fields[0]);
            long offset = CheckpointText.number(file, fields[1]);
            if (epoch <= epochs.latest() || epoch > Integer.MAX_VALUE || offset < lastOffset || offset < 0) {
                throw new CorruptFileException(file, "has epochs or offsets that do not ascend");
            }
            epochs = epochs.begin((int) epoch, offset);
            lastOffset = offset;
        }
        return Optional.of(epochs);
    }
}
