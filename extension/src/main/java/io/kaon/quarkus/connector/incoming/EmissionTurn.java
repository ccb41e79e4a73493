// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

/** Where a source may give records to the application, and for how long at a stretch. */
interface EmissionTurn {
    /** Whether the calling thread is such a place. */
    boolean isHere();

    /** Whether the calling thread has been held long enough, however few records it were. Asked before each one. */
    boolean isOver();

    /** Runs the task soon, in a new turn. Any thread. */
    void later(Runnable task);

    /** Runs the task now; {@link #isHere()} holds. */
    void now(Runnable task);
}
