// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

/** What a control record says, by the number in its key. */
public enum ControlRecordType {
    ABORT(0),
    COMMIT(1),
    /** A new leader of a Raft quorum: never in a log of ours, but in logs that tools show. */
    LEADER_CHANGE(2),
    /** A type of a later version: consumers pass over it. */
    UNKNOWN(-1);

    private final short id;

    ControlRecordType(int id) {
        this.id = (short) id;
    }

    public short id() {
        return id;
    }

    public boolean isEndOfTransaction() {
        return this == ABORT || this == COMMIT;
    }

    static ControlRecordType of(short id) {
        return id >= 0 && id <= LEADER_CHANGE.id ? values()[id] : UNKNOWN;
    }
}
