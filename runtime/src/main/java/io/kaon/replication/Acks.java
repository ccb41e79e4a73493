// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import java.util.Optional;

/** When a produce is acknowledged: the {@code acks} of a Produce request. */
public enum Acks {
    /** Written to the leader's page cache; the client gets no answer (0). */
    NONE(0),
    /** Written to the leader's page cache (1). */
    LEADER(1),
    /** Below the high watermark: on every in-sync replica (−1). */
    ALL(-1);

    private final short code;

    Acks(int code) {
        this.code = (short) code;
    }

    /** The number on the wire. */
    public short code() {
        return code;
    }

    /** The meaning of a number from the wire; empty for one that Kafka answers with INVALID_REQUIRED_ACKS. */
    public static Optional<Acks> of(short code) {
        for (Acks acks : values()) {
            if (acks.code == code) {
                return Optional.of(acks);
            }
        }
        return Optional.empty();
    }
}
