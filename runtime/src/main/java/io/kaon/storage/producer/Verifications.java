// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.producer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which producers are being asked about, and with which sequence they wanted to begin. Owned by the log's owner.
 * Guards are bounded by the appends that wait, what is remembered of refused ones by {@link #MAX_REMEMBERED}.
 */
final class Verifications {
    /** Producers whose first batch was refused and may come again. */
    static final int MAX_REMEMBERED = 1_000;

    private final Map<Long, List<VerificationGuard>> guards = new HashMap<>();
    private final LinkedHashMap<Long, Beginning> beginnings = new LinkedHashMap<>();

    /** The lowest sequence that a producer has tried to begin its transaction here with. */
    private record Beginning(short epoch, int lowestSequence) {}

    VerificationGuard begin(ProducerBatch batch, boolean hasOwnEpoch) {
        VerificationGuard guard = new VerificationGuard(batch.producerId(), batch.epoch(), hasOwnEpoch);
        guards.computeIfAbsent(batch.producerId(), id -> new ArrayList<>(1)).add(guard);
        Beginning before = beginnings.remove(batch.producerId());
        boolean isLower =
                before == null || before.epoch != batch.epoch() || batch.baseSequence() < before.lowestSequence;
        beginnings.put(batch.producerId(), isLower ? new Beginning(batch.epoch(), batch.baseSequence()) : before);
        if (beginnings.size() > MAX_REMEMBERED) {
            beginnings.remove(beginnings.keySet().iterator().next());
        }
        return guard;
    }

    void end(VerificationGuard guard) {
        List<VerificationGuard> ofProducer = guards.get(guard.producerId());
        if (ofProducer != null && ofProducer.remove(guard) && ofProducer.isEmpty()) {
            guards.remove(guard.producerId());
        }
    }

    /** Whether an earlier batch of the producer was refused and has not come again: this one must not overtake it. */
    boolean overtakes(ProducerBatch batch) {
        Beginning beginning = beginnings.get(batch.producerId());
        return beginning != null && beginning.epoch == batch.epoch() && batch.baseSequence() > beginning.lowestSequence;
    }

    /** The producer's transaction is in the log from now on. */
    void onBegun(long producerId) {
        beginnings.remove(producerId);
    }

    /** A transaction of the producer has ended here, with a marker of that epoch. */
    void onEnded(long producerId, short markerEpoch) {
        beginnings.remove(producerId);
        for (VerificationGuard guard : guards.getOrDefault(producerId, List.of())) {
            guard.onMarker(markerEpoch);
        }
    }
}
