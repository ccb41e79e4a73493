// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.coordinator.CoordinatorTopic;

/** The internal topic that transaction coordinators live on. Any thread. */
public interface TransactionsTopic extends CoordinatorTopic {
    String NAME = "__transaction_state";
}
