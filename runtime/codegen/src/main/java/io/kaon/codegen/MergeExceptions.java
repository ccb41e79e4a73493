// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Map;
import java.util.Set;

/**
 * Where the older and the base definitions do not fit by themselves. Each entry says why; anything else fails the
 * build.
 */
final class MergeExceptions {
    /** Older name → base name. KIP-1142 made api 74 list every kind of config resource; version 0 looks the same. */
    static final Map<String, String> RENAMED = Map.of(
            "ListClientMetricsResourcesRequest", "ListConfigResourcesRequest",
            "ListClientMetricsResourcesResponse", "ListConfigResourcesResponse");

    /**
     * Messages whose older versions are not served. Share groups were an early access feature in 3.9 (KIP-932): its
     * version 0
     * was withdrawn, and version 1 gives other meanings to the same positions.
     */
    static final Set<String> WITHOUT_OLDER_VERSIONS = Set.of(
            "ShareGroupHeartbeatRequest",
            "ShareGroupHeartbeatResponse",
            "ShareGroupDescribeRequest",
            "ShareGroupDescribeResponse",
            "ShareFetchRequest",
            "ShareFetchResponse",
            "ShareAcknowledgeRequest",
            "ShareAcknowledgeResponse");

    /**
     * Apis that have a broker listener and yet are no client's business: brokers, controllers and coordinators among
     * themselves. UnregisterBroker (64), AddRaftVoter and RemoveRaftVoter (80, 81), the share group state apis (83 to
     * 87) and
     * UnregisterController (94).
     */
    static final Set<Integer> NOT_FOR_CLIENTS = Set.of(64, 80, 81, 83, 84, 85, 86, 87, 94);

    private MergeExceptions() {}
}
