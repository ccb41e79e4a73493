// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import io.kaon.coordinator.Timeline;
import io.kaon.coordinator.TimelineMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The transactional ids of a shard, as of the newest record and as of the committed position. Changed by replay only.
 * Owned by the shard.
 */
final class Transactions {
    /** Of one shard, about 50 MB: beyond, InitProducerId for another id is refused until some have expired. */
    static final int MAX_IDS = 100_000;

    private final TimelineMap<String, Transaction> byId;
    /** After all that was replayed. */
    private int count;

    Transactions(Timeline timeline) {
        byId = new TimelineMap<>(timeline);
    }

    void replay(long offset, TransactionRecord record) {
        boolean isKnown = byId.latest(record.transactionalId()).isPresent();
        if (record instanceof TransactionRecord.Stored stored) {
            count += isKnown ? 0 : 1;
            byId.put(offset, stored.transactionalId(), stored.transaction());
        } else {
            count -= isKnown ? 1 : 0;
            byId.remove(offset, record.transactionalId());
        }
    }

    /** Whether no id may come that is not known. */
    boolean isFull() {
        return count >= MAX_IDS;
    }

    /** For decisions. */
    Optional<Transaction> latest(String transactionalId) {
        return byId.latest(transactionalId);
    }

    /** For readers. */
    Optional<Transaction> committed(String transactionalId) {
        return byId.committed(transactionalId);
    }

    void forEachLatest(BiConsumer<String, Transaction> visitor) {
        byId.forEachLatest(visitor);
    }

    void forEachCommitted(BiConsumer<String, Transaction> visitor) {
        byId.forEachCommitted(visitor);
    }

    /** A copy. */
    List<String> ids() {
        List<String> ids = new ArrayList<>();
        byId.forEachLatest((id, transaction) -> ids.add(id));
        return ids;
    }
}
