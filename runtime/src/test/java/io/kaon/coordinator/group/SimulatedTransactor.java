// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.wire.message.TxnOffsetCommitRequest;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A transactional producer and its transaction coordinator: commits some offsets, ends the transaction, and sends the
 * marker until it is taken; markers of the past come again at any time.
 */
final class SimulatedTransactor {
    private static final int MOST_COMMITS = 4;

    private final long producerId;
    private final GroupFixture fixture;
    private final OffsetModel model;
    private final Random random;
    private short epoch;
    private final Set<Long> offsets = new TreeSet<>();
    private boolean mustAbort;
    private boolean isWaiting;
    private TransactionMarker ending;
    private TransactionMarker past;

    SimulatedTransactor(long producerId, GroupFixture fixture, OffsetModel model, Random random) {
        this.producerId = producerId;
        this.fixture = fixture;
        this.model = model;
        this.random = random;
    }

    void step() {
        if (past != null && random.nextInt(20) == 0) {
            send(past);
        } else if (ending != null) {
            // The answer to the one before may still come: then the marker is there twice.
            if (!isWaiting || random.nextInt(5) == 0) {
                end();
            }
        } else if (!isWaiting) {
            if (offsets.size() < MOST_COMMITS && !mustAbort && random.nextInt(3) > 0) {
                commit();
            } else if (!offsets.isEmpty() || mustAbort) {
                decide();
            }
        }
    }

    /** Ends what is open. */
    void finish() {
        if (ending != null) {
            end();
        } else if (!isWaiting && (!offsets.isEmpty() || mustAbort)) {
            decide();
        }
    }

    private void commit() {
        long offset = model.next();
        TxnOffsetCommitRequest request =
                TransactionFixture.request(producerId, offset).setProducerEpoch(epoch);
        isWaiting = true;
        CompletableFuture<?> answer = fixture.coordinator
                .commitTransactionalOffsets(fixture.from(TransactionFixture.LATEST), request)
                .thenAccept(response -> {
                    isWaiting = false;
                    if (TransactionFixture.errorOf(response) == ErrorCode.NONE) {
                        offsets.add(offset);
                    } else {
                        // It may be in the log nevertheless.
                        mustAbort = true;
                    }
                })
                .toCompletableFuture();
        answer.exceptionally(failure -> {
            fixture.failures.add(failure);
            return null;
        });
    }

    private void decide() {
        boolean commits = !mustAbort && random.nextInt(4) > 0;
        if (commits) {
            model.onCommitting(offsets);
        }
        epoch++;
        ending = new TransactionMarker(
                producerId, epoch, commits ? ControlRecordType.COMMIT : ControlRecordType.ABORT, 0);
        end();
    }

    private void end() {
        TransactionMarker marker = ending;
        isWaiting = true;
        send(marker).thenAccept(error -> {
            if (ending != marker) {
                return;
            }
            isWaiting = false;
            if (error == ErrorCode.NONE) {
                onEnded(marker);
            }
        });
    }

    private void onEnded(TransactionMarker marker) {
        if (!marker.isAbort()) {
            model.onTransactionCommitted(offsets);
        }
        offsets.clear();
        mustAbort = false;
        ending = null;
        past = marker;
    }

    private CompletableFuture<ErrorCode> send(TransactionMarker marker) {
        return fixture.coordinator.completeTransaction(0, marker, true).toCompletableFuture();
    }
}
