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
    private final TimelineMap<String, Transaction> byId;

    Transactions(Timeline timeline) {
        byId = new TimelineMap<>(timeline);
    }

    void replay(long offset, TransactionRecord record) {
        if (record instanceof TransactionRecord.Stored stored) {
            byId.put(offset, stored.transactionalId(), stored.transaction());
        } else {
            byId.remove(offset, record.transactionalId());
        }
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
