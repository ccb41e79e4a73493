// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.storage.producer.MarkerEpochs;

/** Who asks for an append: it decides which checks the records go through. */
public enum AppendOrigin {
    /** A producer: everything is checked, and its sequence numbers are. */
    CLIENT(io.kaon.record.AppendOrigin.CLIENT, MarkerEpochs.SAME),
    /** A coordinator of this broker, on its internal topic: what only guards against clients is left out. */
    COORDINATOR(io.kaon.record.AppendOrigin.COORDINATOR, MarkerEpochs.SAME),
    /**
     * A coordinator of transactions with transaction.version 2 (WriteTxnMarkers 2): its markers carry a newer producer
     * epoch than the records.
     */
    COORDINATOR_BUMPING_EPOCHS(io.kaon.record.AppendOrigin.COORDINATOR, MarkerEpochs.BUMPED);

    private final io.kaon.record.AppendOrigin batches;
    private final MarkerEpochs markerEpochs;

    AppendOrigin(io.kaon.record.AppendOrigin batches, MarkerEpochs markerEpochs) {
        this.batches = batches;
        this.markerEpochs = markerEpochs;
    }

    /** Which epoch a transaction marker must carry. */
    MarkerEpochs markerEpochs() {
        return markerEpochs;
    }

    /** What the validator of batches calls it. */
    io.kaon.record.AppendOrigin batches() {
        return batches;
    }
}
