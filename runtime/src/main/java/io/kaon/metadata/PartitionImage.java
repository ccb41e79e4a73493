// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.List;

/**
 * A partition as the controller last decided.
 *
 * @param index from 0
 * @param replicas the brokers that hold it; the first is preferred as leader
 * @param isr the brokers in sync
 * @param leader the leading broker, or {@link #NO_LEADER}
 * @param leaderEpoch grows with each change of leader
 * @param partitionEpoch grows with each change
 * @param spare replicas in other states
 */
public record PartitionImage(
        int index,
        List<Integer> replicas,
        List<Integer> isr,
        int leader,
        int leaderEpoch,
        int partitionEpoch,
        SpareReplicas spare) {
    /** No broker leads. */
    public static final int NO_LEADER = -1;

    public PartitionImage {
        replicas = List.copyOf(replicas);
        isr = List.copyOf(isr);
    }

    /** A partition without spare replicas. */
    public PartitionImage(
            int index, List<Integer> replicas, List<Integer> isr, int leader, int leaderEpoch, int partitionEpoch) {
        this(index, replicas, isr, leader, leaderEpoch, partitionEpoch, SpareReplicas.NONE);
    }

    public boolean hasLeader() {
        return leader != NO_LEADER;
    }
}
