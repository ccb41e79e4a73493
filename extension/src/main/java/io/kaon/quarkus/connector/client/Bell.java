// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.InterruptException;

/** Wakes the one thread that waits for something to happen. Any thread rings; rings before the wait are not lost. */
public final class Bell {
    private final Semaphore rings = new Semaphore(0);

    public void ring() {
        if (rings.availablePermits() == 0) {
            rings.release();
        }
    }

    /** Waits for a ring, at most this long. */
    public void await(long ms) {
        try {
            if (rings.tryAcquire(ms, TimeUnit.MILLISECONDS)) {
                rings.drainPermits();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
