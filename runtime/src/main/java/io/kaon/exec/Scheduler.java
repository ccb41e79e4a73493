// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

/** Runs tasks later. A task hops to the owner of the state it touches by itself: {@code owner.execute(...)}. */
@FunctionalInterface
public interface Scheduler {
    /** Runs the task once after {@code delayMs} milliseconds (at once for 0 or less). Any thread. */
    Cancellable schedule(long delayMs, Runnable task);
}
