// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.coordinator.transaction.TransactionPhase.Idle;

/** Puts a transactional id into the log of a fixture as if it had had a long life. */
record SettledId(CoordinatorFixture fixture) {
    private static final long PRODUCER_ID = 50;

    /** The id has no transaction, and its producer that epoch. */
    ProducerIdAndEpoch at(short epoch) {
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(PRODUCER_ID, epoch);
        Transaction transaction = new Transaction(
                new ProducerIdentity(producer, PRODUCER_ID, (short) (epoch - 1), ProducerIdentity.NO_ID),
                new Idle(TransactionState.COMPLETE_COMMIT, fixture.time.wallMs()),
                CoordinatorFixture.TIMEOUT_MS,
                fixture.time.wallMs(),
                (short) 2);
        fixture.coordinator.onResigned(0);
        fixture.log.put(new TransactionRecordCodec(() -> 2)
                .encode(new TransactionRecord.Stored(CoordinatorFixture.ID, transaction)));
        fixture.elect();
        return producer;
    }
}
