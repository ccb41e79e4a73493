// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.List;

/**
 * What a partition knows of replicas beside the assigned and the in-sync ones. Mostly empty.
 *
 * @param eligibleLeaders out of the ISR, but surely holding all committed records (KIP-966)
 * @param lastKnownEligible were eligible before they lost their unflushed tail
 * @param adding being added by a reassignment
 * @param removing being removed by a reassignment
 */
public record SpareReplicas(
        List<Integer> eligibleLeaders, List<Integer> lastKnownEligible, List<Integer> adding, List<Integer> removing) {
    /** The usual case. */
    public static final SpareReplicas NONE = new SpareReplicas(List.of(), List.of(), List.of(), List.of());

    public SpareReplicas {
        eligibleLeaders = List.copyOf(eligibleLeaders);
        lastKnownEligible = List.copyOf(lastKnownEligible);
        adding = List.copyOf(adding);
        removing = List.copyOf(removing);
    }
}
