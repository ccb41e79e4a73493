// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

/** Bounds of what one request may change. */
final class Limits {
    /** Records that one request may write, as in Kafka: partitions, above all. */
    static final int MAX_RECORDS_PER_REQUEST = 10_000;

    /** Requests that may wait for the journal. More are told to come back. */
    static final int MAX_WAITING = 1_000;

    private Limits() {}
}
