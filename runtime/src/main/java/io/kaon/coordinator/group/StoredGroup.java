// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import java.util.List;

/**
 * The last generation of a group that was completed and written. Texts that Kafka's record allows to be null are empty
 * here.
 *
 * @param protocolType such as {@code consumer}
 * @param generation its number
 * @param protocol the name of the assignor that was chosen
 * @param leader the member that assigned
 * @param stateTimestampMs wall time at which it became what it is, −1 if unknown
 * @param members in join order; none for an empty group
 */
record StoredGroup(
        String protocolType,
        int generation,
        String protocol,
        String leader,
        long stateTimestampMs,
        List<StoredMember> members) {
    StoredGroup {
        members = List.copyOf(members);
    }

    /** The same without a leader: whoever restores it has its members join again, as nobody has assigned this. */
    StoredGroup leaderless() {
        return new StoredGroup(protocolType, generation, protocol, "", stateTimestampMs, members);
    }
}
