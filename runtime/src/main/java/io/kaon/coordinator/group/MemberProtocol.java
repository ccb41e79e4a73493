// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.wire.message.JoinGroupRequest.JoinGroupRequestProtocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An assignment protocol that a member speaks. What is in the metadata is between the members. The array is shared and
 * never changed.
 *
 * @param name such as {@code range}
 * @param metadata what the leader gets to see of the member under this protocol
 */
record MemberProtocol(String name, byte[] metadata) {
    /** In the member's order of preference. */
    static List<MemberProtocol> of(List<JoinGroupRequestProtocol> protocols) {
        List<MemberProtocol> result = new ArrayList<>(protocols.size());
        for (JoinGroupRequestProtocol protocol : protocols) {
            result.add(new MemberProtocol(protocol.name(), protocol.metadata()));
        }
        return List.copyOf(result);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MemberProtocol protocol
                && name.equals(protocol.name)
                && Arrays.equals(metadata, protocol.metadata);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(metadata);
    }
}
