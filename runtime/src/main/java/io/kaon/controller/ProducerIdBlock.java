// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

/**
 * Producer ids that are given to one broker and to nobody else, ever.
 *
 * @param firstId the first of them
 * @param size how many
 */
public record ProducerIdBlock(long firstId, int size) {
    /** As many as Kafka gives at once. */
    static final int SIZE = 1_000;
}
