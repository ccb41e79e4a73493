// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.assignor;

import java.util.Set;

/** The racks of a partition's replicas. Called only for members that have a rack. */
@FunctionalInterface
public interface PartitionRacks {
    /** Nobody knows. */
    PartitionRacks NONE = partition -> Set.of();

    /** The racks of the brokers that hold the partition; empty when they have none. */
    Set<String> of(int partition);
}
