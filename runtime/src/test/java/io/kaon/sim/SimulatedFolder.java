// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A folder of a {@link SimulatedDisk}: names of {@link SimulatedFile}s and folders, as the process sees them and as they are
 * on the platter. One thread.
 */
final class SimulatedFolder {
    private final Map<String, Object> seen = new TreeMap<>();
    private final Map<String, Object> platter = new TreeMap<>();
    private final List<Change> unsynced = new ArrayList<>();

    /** What happened to a node: it has the name {@code to} now, or none if that is empty. */
    private record Change(Object node, String to) {
        void applyTo(Map<String, Object> names) {
            names.values().removeIf(other -> other == node);
            if (!to.isEmpty()) {
                names.put(to, node);
            }
        }
    }

    Object get(String name) {
        return seen.get(name);
    }

    List<String> names() {
        return new ArrayList<>(seen.keySet());
    }

    boolean isEmpty() {
        return seen.isEmpty();
    }

    void put(String name, Object node) {
        change(new Change(node, name));
    }

    void remove(String name) {
        change(new Change(seen.get(name), ""));
    }

    void rename(String from, String to) {
        change(new Change(seen.get(from), to));
    }

    private void change(Change change) {
        change.applyTo(seen);
        unsynced.add(change);
    }

    /** What happened to the names in it is durable. */
    void sync() {
        platter.clear();
        platter.putAll(seen);
        unsynced.clear();
    }

    /**
     * The power is lost: each change since the last sync happened or not, and everything in the folder loses power too.
     */
    void losePower(CrashMood mood, boolean hasStaleBlocks) {
        mood.begin();
        for (Change change : unsynced) {
            if (mood.keeps()) {
                change.applyTo(platter);
            }
        }
        unsynced.clear();
        seen.clear();
        seen.putAll(platter);
        for (Object node : seen.values()) {
            if (node instanceof SimulatedFolder folder) {
                folder.losePower(mood, hasStaleBlocks);
            } else {
                ((SimulatedFile) node).losePower(mood, hasStaleBlocks);
            }
        }
    }

    /** Bytes of all files in it. */
    long sizeInBytes() {
        long bytes = 0;
        for (Object node : seen.values()) {
            bytes += node instanceof SimulatedFolder folder ? folder.sizeInBytes() : ((SimulatedFile) node).size();
        }
        return bytes;
    }
}
