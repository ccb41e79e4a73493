// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static io.kaon.common.Checks.require;

import java.util.List;

/**
 * The broker settings of consumer groups that hold for all of them, under Kafka's names and with Kafka's defaults.
 *
 * @param maxSize {@code group.consumer.max.size}: members of one group
 * @param assignors {@code group.consumer.assignors}: names, the first is the default
 * @param migration {@code group.consumer.migration.policy}
 */
public record ConsumerGroupOptions(int maxSize, List<String> assignors, MigrationPolicy migration) {
    /** What Kafka has when nothing is set. */
    public static final ConsumerGroupOptions DEFAULTS =
            new ConsumerGroupOptions(Integer.MAX_VALUE, List.of("uniform", "range"), MigrationPolicy.BIDIRECTIONAL);

    public ConsumerGroupOptions {
        require(maxSize >= 1, "group.consumer.max.size must be at least 1, was %s", maxSize);
        require(!assignors.isEmpty(), "group.consumer.assignors must name an assignor");
        assignors = List.copyOf(assignors);
    }

    /** The assignor for groups whose members ask for none. */
    public String defaultAssignor() {
        return assignors.get(0);
    }
}
