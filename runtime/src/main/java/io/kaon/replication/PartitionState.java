// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.common.ErrorCode;
import io.kaon.storage.LogView;

/** What a fetch found of one of its partitions at one moment. */
sealed interface PartitionState {
    PartitionRead read();

    /** It can be read, as the view shows it. */
    record Readable(PartitionRead read, Partition partition, LogView view) implements PartitionState {
        /** The view that counts now; the one from then when the partition has been deleted since. */
        LogView newest() {
            return partition.viewIfOpen().orElse(view);
        }
    }

    /** It cannot, for this reason. */
    record Unreadable(PartitionRead read, ErrorCode error) implements PartitionState {}
}
