// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.Set;

/** The topics that the broker keeps for itself. Clients see them, marked as internal. */
public final class InternalTopics {
    public static final String CONSUMER_OFFSETS = "__consumer_offsets";
    public static final String TRANSACTION_STATE = "__transaction_state";
    public static final String SHARE_GROUP_STATE = "__share_group_state";

    /** Kafka's own metadata log: a name that no topic may have. */
    public static final String CLUSTER_METADATA = "__cluster_metadata";

    private static final Set<String> NAMES = Set.of(CONSUMER_OFFSETS, TRANSACTION_STATE, SHARE_GROUP_STATE);

    private InternalTopics() {}

    public static boolean isInternal(String topic) {
        return NAMES.contains(topic);
    }
}
