// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.wire.StateMessage;
import java.util.List;

/**
 * What the controller decided: nothing is changed until the records are replayed, nothing is answered until they are
 * durable.
 *
 * @param records what changes; may be empty
 * @param response the answer
 */
record Decision<R>(List<StateMessage> records, R response) {
    Decision {
        records = List.copyOf(records);
    }
}
