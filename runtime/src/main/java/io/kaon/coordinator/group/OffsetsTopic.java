// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.CoordinatorTopic;

/** The internal topic that group coordinators live on. Any thread. */
public interface OffsetsTopic extends CoordinatorTopic {
    String NAME = "__consumer_offsets";
}
