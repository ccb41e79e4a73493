// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.groups;

import io.kaon.admin.records.Position;
import java.util.Optional;
import java.util.Set;

/**
 * Where a group is to go on.
 *
 * @param topic only this one; without it, all topics that the group has offsets of
 * @param partitions only these of the topic; all of them when it is empty
 * @param to the oldest or newest records, an offset, or a timestamp; not a cursor
 * @param effect whether it is only shown what would change
 */
public record ResetOrder(String group, Optional<String> topic, Set<Integer> partitions, Position to, Effect effect) {
    public ResetOrder {
        partitions = Set.copyOf(partitions);
        if (to instanceof Position.Cursor) {
            throw new IllegalArgumentException("a group is not set to a cursor");
        }
    }

    /** What an order does. */
    public enum Effect {
        DRY_RUN,
        APPLY
    }
}
