// SPDX-License-Identifier: Apache-2.0
package io.kaon.sim;

import java.io.IOException;

/** The {@link SimulatedDisk} has no power: nothing is done until it comes back. */
public final class PowerLossException extends IOException {
    private static final long serialVersionUID = 1L;

    PowerLossException() {
        super("the power is off");
    }
}
