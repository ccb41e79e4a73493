// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A map that answers for two moments: the newest replayed record, on which decisions rest, and the committed position,
 * which readers may see. Owned by the shard.
 *
 * @param <K> keys
 * @param <V> values, immutable
 */
public final class TimelineMap<K, V> {
    private final Timeline timeline;
    private final Map<K, V> committed = new HashMap<>();
    /** The newest change per key that is not committed yet. */
    private final Map<K, Put> newest = new HashMap<>(0);

    public TimelineMap(Timeline timeline) {
        this.timeline = timeline;
    }

    /** The record at {@code offset} gives the key a value. */
    public void put(long offset, K key, V value) {
        change(offset, key, value);
    }

    /** The record at {@code offset} takes the key away. */
    public void remove(long offset, K key) {
        change(offset, key, null);
    }

    /** The value after all that was replayed. */
    public Optional<V> latest(K key) {
        Put change = newest.get(key);
        return Optional.ofNullable(change != null ? change.value : committed.get(key));
    }

    /** The value at the committed position. */
    public Optional<V> committed(K key) {
        return Optional.ofNullable(committed.get(key));
    }

    /** Visits what is there after all that was replayed. The visitor does not change the map. */
    public void forEachLatest(BiConsumer<K, V> visitor) {
        committed.forEach((key, value) -> {
            if (!newest.containsKey(key)) {
                visitor.accept(key, value);
            }
        });
        newest.forEach((key, change) -> {
            if (change.value != null) {
                visitor.accept(key, change.value);
            }
        });
    }

    /** Visits what is there at the committed position. */
    public void forEachCommitted(BiConsumer<K, V> visitor) {
        committed.forEach(visitor);
    }

    /** How many keys there are at the committed position, and changes on their way. */
    public int size() {
        return committed.size() + newest.size();
    }

    /** Whether nothing is there after all that was replayed. */
    public boolean isEmpty() {
        if (newest.isEmpty()) {
            return committed.isEmpty();
        }
        return newest.values().stream().allMatch(change -> change.value == null)
                && committed.keySet().stream().allMatch(newest::containsKey);
    }

    /** Whether nothing is there at the committed position. */
    public boolean isCommittedEmpty() {
        return committed.isEmpty();
    }

    private void change(long offset, K key, V value) {
        if (timeline.isCommitted(offset)) {
            settle(key, value);
        } else {
            Put change = new Put(offset, key, value);
            newest.put(key, change);
            timeline.add(change);
        }
    }

    private void settle(K key, V value) {
        if (value == null) {
            committed.remove(key);
        } else {
            committed.put(key, value);
        }
    }

    private final class Put extends Timeline.Change {
        private final K key;
        private final V value;

        Put(long offset, K key, V value) {
            super(offset);
            this.key = key;
            this.value = value;
        }

        @Override
        void settle() {
            TimelineMap.this.settle(key, value);
            newest.remove(key, this);
        }
    }
}
