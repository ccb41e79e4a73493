// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

/** Where a member stands on its way to its target assignment (KIP-848); the codes are those of Kafka's records. */
public enum MemberState {
    /** It has all that is meant for it at its epoch. */
    STABLE(0),
    /** It has been told to give partitions up, and has not said yet that it did. */
    UNREVOKED_PARTITIONS(1),
    /** It waits for partitions that others have not given up yet. */
    UNRELEASED_PARTITIONS(2),
    /** Written by a coordinator that knows more states. */
    UNKNOWN(127);

    private final byte code;

    MemberState(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    static MemberState of(byte code) {
        for (MemberState state : values()) {
            if (state.code == code) {
                return state;
            }
        }
        return UNKNOWN;
    }
}
