// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** Decides which brokers hold a new partition, and checks what clients decide themselves. Reads only. */
final class ReplicaPlacement {
    private final ClusterImage image;

    ReplicaPlacement(ClusterImage image) {
        this.image = image;
    }

    /** Why so many replicas cannot be placed, if they cannot. */
    Optional<Rejected> problem(int replicationFactor) {
        int usable = usable().size();
        return replicationFactor <= usable
                ? Optional.empty()
                : Optional.of(new Rejected(
                        ErrorCode.INVALID_REPLICATION_FACTOR,
                        "There are " + usable + " brokers, too few for a replication factor of " + replicationFactor
                                + "."));
    }

    /** What is wrong with the replicas that a client wants for a partition, if anything. */
    Optional<Rejected> problem(int partition, List<Integer> replicas, int replicationFactor) {
        String which = "The assignment of partition " + partition;
        if (replicas.isEmpty()) {
            return invalid(which + " has no replicas.");
        }
        if (new HashSet<>(replicas).size() != replicas.size()) {
            return invalid(which + " names a broker twice.");
        }
        if (replicas.size() != replicationFactor) {
            return invalid(
                    which + " has " + replicas.size() + " replicas where others have " + replicationFactor + ".");
        }
        for (int broker : replicas) {
            if (image.broker(broker).isEmpty()) {
                return invalid(which + " names broker " + broker + ", which is not registered.");
            }
        }
        return replicas.stream().allMatch(this::isFenced)
                ? invalid(which + " names only brokers that are fenced.")
                : Optional.empty();
    }

    /**
     * Spreads new partitions round robin, each next replica one broker further.
     *
     * @param firstPartition index of the first new partition; also where the round begins
     */
    List<List<Integer>> spread(int firstPartition, int partitions, int replicationFactor) {
        List<Integer> brokers = usable();
        List<List<Integer>> placed = new ArrayList<>(partitions);
        for (int partition = firstPartition; partition < firstPartition + partitions; partition++) {
            List<Integer> replicas = new ArrayList<>(replicationFactor);
            for (int replica = 0; replica < replicationFactor; replica++) {
                replicas.add(brokers.get((partition + replica) % brokers.size()));
            }
            placed.add(replicas);
        }
        return placed;
    }

    /** A partition that begins now on those brokers. */
    PartitionImage newPartition(int index, List<Integer> replicas) {
        List<Integer> isr =
                replicas.stream().filter(broker -> !isFenced(broker)).toList();
        return new PartitionImage(index, replicas, isr, isr.get(0), 0, 0);
    }

    private List<Integer> usable() {
        return image.brokers().values().stream()
                .filter(broker -> !broker.fenced())
                .map(BrokerImage::id)
                .toList();
    }

    private boolean isFenced(int broker) {
        return image.broker(broker).map(BrokerImage::fenced).orElse(true);
    }

    private static Optional<Rejected> invalid(String message) {
        return Optional.of(new Rejected(ErrorCode.INVALID_REPLICA_ASSIGNMENT, message));
    }
}
