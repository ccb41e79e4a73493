// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import java.util.List;
import java.util.Optional;

/**
 * A page of records.
 *
 * @param order how the records stand here
 * @param older where to go on with {@link Position#cursor} towards older records; empty when there are none
 * @param newer the same towards newer ones
 * @param scanned how many records were looked at
 * @param isComplete false when a search was ended by its limits before the page was full, and there is more to look at:
 *     the cursor in the direction of {@code order} goes on
 */
public record RecordPage(
        List<ShownRecord> records,
        Order order,
        Optional<String> older,
        Optional<String> newer,
        long scanned,
        boolean isComplete) {
    public RecordPage {
        records = List.copyOf(records);
    }

    /** By time over all partitions; records of one partition keep the order of their offsets, or its reverse. */
    public enum Order {
        NEWEST_FIRST,
        OLDEST_FIRST
    }
}
