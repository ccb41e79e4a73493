// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

/** Whether records of transactions that are open or were aborted are seen. */
public enum Isolation {
    READ_UNCOMMITTED,
    READ_COMMITTED;

    /** As Fetch and ListOffsets name it. */
    byte wireValue() {
        return (byte) ordinal();
    }
}
