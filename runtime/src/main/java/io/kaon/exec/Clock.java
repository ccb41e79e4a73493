// SPDX-License-Identifier: Apache-2.0
package io.kaon.exec;

/** Where time comes from. Handed in through constructors, so that tests can run on virtual time. Any thread. */
public interface Clock {
    /** Milliseconds since the Unix epoch: for timestamps that others see. May jump. */
    long wallMs();

    /** Nanoseconds from an arbitrary start: for deadlines and durations. Never goes back. */
    long nanos();

    /** The clock of the operating system. */
    static Clock system() {
        return new Clock() {
            @Override
            public long wallMs() {
                return System.currentTimeMillis();
            }

            @Override
            public long nanos() {
                return System.nanoTime();
            }
        };
    }
}
