// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

/** What somebody wants to do to a resource, with Kafka's code: the bit in an authorized-operations field (KIP-430). */
public enum Operation {
    READ(3),
    WRITE(4),
    CREATE(5),
    DELETE(6),
    ALTER(7),
    DESCRIBE(8),
    CLUSTER_ACTION(9),
    DESCRIBE_CONFIGS(10),
    ALTER_CONFIGS(11),
    IDEMPOTENT_WRITE(12),
    TWO_PHASE_COMMIT(15);

    private final int code;

    Operation(int code) {
        this.code = code;
    }

    /** The operation's bit in a set of operations. */
    int bit() {
        return 1 << code;
    }
}
