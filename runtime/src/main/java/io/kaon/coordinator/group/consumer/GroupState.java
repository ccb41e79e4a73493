// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

/** The states of a consumer group as people see them (KIP-848). */
public enum GroupState {
    EMPTY("Empty"),
    ASSIGNING("Assigning"),
    RECONCILING("Reconciling"),
    STABLE("Stable"),
    DEAD("Dead");

    private final String kafkaName;

    GroupState(String kafkaName) {
        this.kafkaName = kafkaName;
    }

    /** As in ListGroups and ConsumerGroupDescribe. */
    public String kafkaName() {
        return kafkaName;
    }
}
