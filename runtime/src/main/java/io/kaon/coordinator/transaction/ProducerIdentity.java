// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ProducerIdAndEpoch;

/**
 * Who a transactional id belongs to. Every step names the producer id that it came from, so that a repeated request of
 * the owner can be told from one of a producer that was fenced.
 *
 * <pre>
 *              epoch        lastEpoch   producer id
 * bumped       +1           none        same          a new owner (InitProducerId)
 * continued    +1           epoch       same          the owner goes on after an error (KIP-360)
 * rotated      0            none/epoch  a new one     the epochs are used up
 * ended        +1           epoch       same, next?   the end of a transaction with transaction.version 2 (KIP-890)
 * fenced       +1           none        same          the coordinator aborts, transaction.version below 2
 * completed    same or 0    same        same or next
 * </pre>
 *
 * @param current who may act
 * @param previousId the producer id before the last step
 * @param lastEpoch the epoch that the owner had before the last bump, {@link #NO_EPOCH} when a repetition is not to be
 *     recognised
 * @param nextId the producer id that takes over when the transaction has ended, {@link #NO_ID} for the same
 */
record ProducerIdentity(ProducerIdAndEpoch current, long previousId, short lastEpoch, long nextId) {
    static final long NO_ID = -1;
    static final short NO_EPOCH = -1;

    /** The last epoch that a producer may be given: one more is needed to fence it. */
    static final short LAST_USABLE_EPOCH = Short.MAX_VALUE - 1;

    /** Of a transactional id that was not known. */
    static ProducerIdentity first(long producerId) {
        return new ProducerIdentity(new ProducerIdAndEpoch(producerId, (short) 0), producerId, NO_EPOCH, NO_ID);
    }

    long id() {
        return current.producerId();
    }

    short epoch() {
        return current.epoch();
    }

    /** Whether another bump needs a new producer id. */
    boolean isExhausted() {
        return epoch() >= LAST_USABLE_EPOCH;
    }

    ProducerIdentity bumped() {
        return with(nextEpoch(), NO_EPOCH, NO_ID);
    }

    ProducerIdentity continued() {
        return with(nextEpoch(), epoch(), NO_ID);
    }

    /** @param knownEpoch the epoch that the owner said it had, {@link #NO_EPOCH} when it said none */
    ProducerIdentity rotated(long freshId, short knownEpoch) {
        return new ProducerIdentity(new ProducerIdAndEpoch(freshId, (short) 0), id(), knownEpoch, NO_ID);
    }

    ProducerIdentity ended(long nextId) {
        return with(nextEpoch(), epoch(), nextId);
    }

    ProducerIdentity fenced() {
        return with(nextEpoch(), NO_EPOCH, NO_ID);
    }

    /** A step that leaves the producer as it is. */
    ProducerIdentity unchanged() {
        return with(epoch(), lastEpoch, nextId);
    }

    ProducerIdentity completed() {
        return nextId == NO_ID
                ? unchanged()
                : new ProducerIdentity(new ProducerIdAndEpoch(nextId, (short) 0), id(), lastEpoch, NO_ID);
    }

    private ProducerIdentity with(short epoch, short last, long next) {
        return new ProducerIdentity(new ProducerIdAndEpoch(id(), epoch), id(), last, next);
    }

    /** Stays at the largest: that one is never given to a producer. */
    private short nextEpoch() {
        return (short) Math.min(epoch() + 1, Short.MAX_VALUE);
    }
}
