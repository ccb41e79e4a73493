// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

/**
 * Held while the coordinator is asked whether a producer's transaction includes this partition (KIP-890). A marker of
 * the producer that arrives meanwhile makes it stale: what was asked about has ended, and the answer says nothing about
 * what comes now. Nothing of it is persisted. Owned by the log's owner.
 */
public final class VerificationGuard {
    /** For what nobody has to vouch for. */
    public static final VerificationGuard NONE = new VerificationGuard(-1, (short) -1, false);

    private final long producerId;
    private final short epoch;
    private final boolean hasOwnEpoch;
    private boolean isStale;

    /** @param hasOwnEpoch whether each transaction of the producer has an epoch of its own (transaction.version 2) */
    VerificationGuard(long producerId, short epoch, boolean hasOwnEpoch) {
        this.producerId = producerId;
        this.epoch = epoch;
        this.hasOwnEpoch = hasOwnEpoch;
    }

    long producerId() {
        return producerId;
    }

    /** Of the batch that was asked about. */
    public short epoch() {
        return epoch;
    }

    boolean hasOwnEpoch() {
        return hasOwnEpoch;
    }

    /** Whether a transaction of the producer has ended here since the guard was given. */
    public boolean isStale() {
        return isStale;
    }

    /**
     * With epochs of their own (KIP-890) the marker of a transaction has the epoch of the next one: what waits in that
     * epoch belongs to the next, unless there is no newer epoch.
     */
    void onMarker(short markerEpoch) {
        boolean isOfTheOneBefore = hasOwnEpoch && markerEpoch == epoch && epoch < Short.MAX_VALUE;
        isStale |= !isOfTheOneBefore;
    }
}
