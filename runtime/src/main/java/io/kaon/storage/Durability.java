// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/** {@code kaon.durability}: when a record counts as written by this broker, and so towards the high watermark. */
public enum Durability {
    /** {@code os}, as in Kafka: when it is in the page cache. It survives the death of the process; loss of power, on other replicas. */
    OS,
    /** {@code fsync}: when it is on disk. One sync serves all that wait for it. */
    FSYNC
}
