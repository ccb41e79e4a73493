// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import java.util.List;

/**
 * What somebody who watches sees of a group.
 *
 * @param protocol {@code classic} or {@code consumer}
 * @param state as Kafka's tools print it
 * @param members how many
 * @param offsetCount how many offsets the group has committed
 * @param offsets some of them, or all
 */
public record GroupReading(
        String groupId, String protocol, String state, int members, int offsetCount, List<Committed> offsets) {
    /** One committed offset: the next record that the group wants. */
    public record Committed(String topic, int partition, long offset) {}
}
