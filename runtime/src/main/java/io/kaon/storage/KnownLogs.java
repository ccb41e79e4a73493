// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.TopicPartition;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What a data directory has in memory of its partitions, by name. Any thread. */
final class KnownLogs {
    private final Map<TopicPartition, PartitionLog> open = new ConcurrentHashMap<>();
    /** What retention knows of partitions that are not open. */
    private final Map<TopicPartition, ClosedLog> closed = new ConcurrentHashMap<>();
    /** Partitions whose logs could not be opened at the last attempt. */
    private final Set<TopicPartition> offline = ConcurrentHashMap.newKeySet();

    /** The logs that are in use, whether their files are open or not. A view. */
    Map<TopicPartition, PartitionLog> open() {
        return open;
    }

    Optional<PartitionLog> find(TopicPartition name) {
        return Optional.ofNullable(open.get(name));
    }

    boolean isOpen(TopicPartition name) {
        return open.containsKey(name);
    }

    Collection<PartitionLog> all() {
        return open.values();
    }

    List<PartitionLog> copy() {
        return List.copyOf(open.values());
    }

    void opened(PartitionLog log) {
        open.put(log.name(), log);
        forget(log.name());
    }

    void closed(PartitionLog log) {
        open.remove(log.name(), log);
    }

    /** What was known of it while it was not open does not count any more. */
    void forget(TopicPartition name) {
        offline.remove(name);
        closed.remove(name);
    }

    void failed(TopicPartition name) {
        offline.add(name);
    }

    Optional<ClosedLog> closedLog(TopicPartition name) {
        return Optional.ofNullable(closed.get(name));
    }

    void remember(TopicPartition name, ClosedLog log) {
        closed.put(name, log);
    }

    /** Partitions that cannot be used: their logs could not be opened, or have failed. */
    int countOffline() {
        int count = offline.size();
        for (PartitionLog log : open.values()) {
            count += log.isFailed() ? 1 : 0;
        }
        return count;
    }
}
