// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import java.io.IOException;

/** A partition of a {@link LogCrashSimulation} through all its lives: its clients, and what is known of it from outside. */
interface SimulatedLog {
    boolean isOpen();

    /** Opens the log, and looks at everything that is in it. */
    void open(SimulatedLife life) throws IOException;

    /** Does what the dice says, from 0 to 999, to the open log; says what it was. */
    String act(SimulatedLife life, int dice) throws IOException;

    /** What the log says of itself after anything may have happened. */
    void observe(boolean isIdle);

    /** The process has died. */
    void onLifeEnded();

    void onPowerLost();

    /** The life has ended clean: everything is on disk. */
    void onClosed();
}
