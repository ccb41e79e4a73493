// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

/** The states of a consumer group as people see them (KIP-848). A removed group, Kafka's Dead, is not there at all. */
public enum GroupState {
    EMPTY("Empty"),
    ASSIGNING("Assigning"),
    RECONCILING("Reconciling"),
    STABLE("Stable");

    private final String kafkaName;

    GroupState(String kafkaName) {
        this.kafkaName = kafkaName;
    }

    /** As in ListGroups and ConsumerGroupDescribe. */
    public String kafkaName() {
        return kafkaName;
    }
}
