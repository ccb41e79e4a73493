// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin.records;

import static io.kaon.common.Checks.require;

/** Where one record is. */
public record RecordPlace(String topic, int partition, long offset) {
    public RecordPlace {
        require(partition >= 0, "a partition has a number from 0, was %s", partition);
        require(offset >= 0, "an offset is at least 0, was %s", offset);
    }
}
