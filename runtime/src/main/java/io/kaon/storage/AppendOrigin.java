// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

/** Who asks for an append: it decides which checks the records go through. */
public enum AppendOrigin {
    /** A producer: everything is checked, and its sequence numbers are. */
    CLIENT(io.kaon.record.AppendOrigin.CLIENT),
    /** A coordinator of this broker, on its internal topic: what only guards against clients is left out. */
    COORDINATOR(io.kaon.record.AppendOrigin.COORDINATOR);

    private final io.kaon.record.AppendOrigin batches;

    AppendOrigin(io.kaon.record.AppendOrigin batches) {
        this.batches = batches;
    }

    /** What the validator of batches calls it. */
    io.kaon.record.AppendOrigin batches() {
        return batches;
    }
}
