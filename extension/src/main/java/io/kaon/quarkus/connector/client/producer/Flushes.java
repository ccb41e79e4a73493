// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;

/**
 * Those who wait until what was accepted before is finished, whatever comes after. Owned by the producer's thread.
 */
final class Flushes {
    /** Of records that are not ready yet nobody knows where they go, so they are waited for first. */
    private final Deque<Runnable> behindHeld = new ArrayDeque<>();

    private int held;
    private int waiting;

    /** One flush: for each partition that was busy then, a place to be passed. */
    private final class Barrier implements Runnable {
        private final Runnable task;
        private int places = 1;

        Barrier(Runnable task) {
            this.task = task;
        }

        /** A place is passed. */
        @Override
        public void run() {
            if (--places == 0) {
                waiting--;
                task.run();
            }
        }
    }

    /** Whether somebody waits, so that nothing should linger. */
    boolean isAwaited() {
        return waiting > 0 || !behindHeld.isEmpty();
    }

    /** A record will be accepted, or not, but it is not ready yet. */
    void hold() {
        held++;
    }

    /** What was held has been accepted, or never will be. */
    void unhold(Collection<Lane> lanes) {
        if (--held == 0) {
            while (!behindHeld.isEmpty()) {
                wait(behindHeld.remove(), lanes);
            }
        }
    }

    /** Runs the task when all that is in the lanes now is finished, at once when there is nothing. */
    void add(Runnable task, Collection<Lane> lanes) {
        if (held > 0) {
            behindHeld.add(task);
        } else {
            wait(task, lanes);
        }
    }

    private void wait(Runnable task, Collection<Lane> lanes) {
        Barrier barrier = new Barrier(task);
        waiting++;
        for (Lane lane : lanes) {
            if (lane.whenFinished(barrier)) {
                barrier.places++;
            }
        }
        barrier.run();
    }
}
