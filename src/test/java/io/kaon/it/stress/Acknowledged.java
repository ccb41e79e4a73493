// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/** Which record the server said is at which offset; of any thread. */
final class Acknowledged {
    private final Map<TopicPartition, Map<Long, Long>> packedByOffset = new ConcurrentHashMap<>();

    /** The other record, if any, that was acknowledged at the same offset before. */
    Optional<Numbered> put(TopicPartition partition, long offset, Numbered record) {
        return Optional.ofNullable(packedByOffset
                        .computeIfAbsent(partition, key -> new ConcurrentHashMap<>())
                        .put(offset, record.packed()))
                .map(Numbered::unpack);
    }

    Optional<Numbered> at(TopicPartition partition, long offset) {
        return Optional.ofNullable(
                        packedByOffset.getOrDefault(partition, Map.of()).get(offset))
                .map(Numbered::unpack);
    }

    Set<TopicPartition> partitions() {
        return packedByOffset.keySet();
    }

    /** One more than the last offset that was acknowledged. */
    long endOffset(TopicPartition partition) {
        return packedByOffset.get(partition).keySet().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(-1)
                + 1;
    }
}
