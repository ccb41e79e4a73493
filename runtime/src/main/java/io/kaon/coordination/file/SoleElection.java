// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import io.kaon.coordination.ControllerElection;
import io.kaon.exec.SerialExecutor;
import java.util.function.IntSupplier;

/** The election of a cluster of one: always won. The lock on the data directory keeps a second process away. */
public final class SoleElection implements ControllerElection {
    private final SerialExecutor owner;
    private final IntSupplier lastEpoch;

    /**
     * @param owner the journal's
     * @param lastEpoch the epoch of the controller before, as the journal says
     */
    public SoleElection(SerialExecutor owner, IntSupplier lastEpoch) {
        this.owner = owner;
        this.lastEpoch = lastEpoch;
    }

    @Override
    public void campaign(Listener listener) {
        owner.execute(() -> listener.onElected(lastEpoch.getAsInt() + 1));
    }

    @Override
    public void withdraw() {
        // nobody else could take the office
    }
}
