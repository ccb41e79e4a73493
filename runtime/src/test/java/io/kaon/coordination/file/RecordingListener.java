// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import io.kaon.coordination.JournalListener;
import io.kaon.wire.StateMessage;
import java.util.ArrayList;
import java.util.List;

/** Keeps all records that it was told, and gives them back as the snapshot. */
final class RecordingListener implements JournalListener {
    private final List<StateMessage> records = new ArrayList<>();
    private long lastOffset = -1;
    private int snapshots;
    private boolean isCaughtUp;
    /** Whether what a snapshot holds cannot be told. */
    boolean breaksSnapshots;

    @Override
    public void onSnapshot(long offset) {
        records.clear();
        snapshots++;
    }

    @Override
    public void onRecords(long offset, List<StateMessage> told) {
        records.addAll(told);
        lastOffset = offset;
    }

    @Override
    public void onCaughtUp() {
        isCaughtUp = true;
    }

    @Override
    public Iterable<StateMessage> snapshot() {
        if (breaksSnapshots) {
            return () -> {
                throw new IllegalStateException("this snapshot is broken");
            };
        }
        return List.copyOf(records);
    }

    List<StateMessage> records() {
        return records;
    }

    long lastOffset() {
        return lastOffset;
    }

    int snapshots() {
        return snapshots;
    }

    boolean isCaughtUp() {
        return isCaughtUp;
    }
}
