// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

/**
 * What a member owns. A partition stands in the assigned or the pending ones of one member at most, in the whole group.
 *
 * @param memberEpoch the epoch that the member has been told, or is about to be
 * @param previousEpoch the one before, which it may still show once if the answer was lost
 * @param state how far it is
 * @param assigned what the member may consume
 * @param revoking what it is to give up, and still owns until it says that it has
 */
public record CurrentAssignment(
        int memberEpoch, int previousEpoch, MemberState state, PartitionEpochs assigned, PartitionEpochs revoking) {
    /** A member that has just come. */
    public static final CurrentAssignment NONE =
            new CurrentAssignment(0, -1, MemberState.STABLE, PartitionEpochs.EMPTY, PartitionEpochs.EMPTY);
}
