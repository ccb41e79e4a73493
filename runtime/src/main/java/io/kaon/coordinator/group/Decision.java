// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import java.util.List;

/**
 * What a request is to change, and its answer once that is committed. Making one changes nothing.
 *
 * @param records to be written as one batch, possibly none
 * @param response the answer if the write succeeds
 * @param <T> the response
 */
record Decision<T>(List<GroupRecord> records, T response) {
    Decision {
        records = List.copyOf(records);
    }
}
