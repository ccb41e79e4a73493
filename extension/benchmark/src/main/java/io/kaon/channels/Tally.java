// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Counts what has arrived and notes when each round was full. Any thread may count. */
@ApplicationScoped
class Tally {
    private final AtomicLong count = new AtomicLong();
    private final BlockingQueue<Long> roundEnds = new LinkedBlockingQueue<>();
    private final long roundMessages;

    @Inject
    Tally(CourseConfig config) {
        this.roundMessages = config.messages();
    }

    void add(int messages) {
        long after = count.addAndGet(messages);
        long full = after / roundMessages - (after - messages) / roundMessages;
        for (long round = 0; round < full; round++) {
            roundEnds.add(System.nanoTime());
        }
    }

    /**
     * Waits for the end of the next round.
     *
     * @return {@link System#nanoTime()} then
     * @throws IllegalStateException when it does not come in time
     */
    long awaitRoundEnd(int seconds) throws InterruptedException {
        Long end = roundEnds.poll(seconds, TimeUnit.SECONDS);
        if (end == null) {
            throw new IllegalStateException("After " + seconds + " s the round is not over: " + count + " messages of "
                    + roundMessages + " a round have arrived");
        }
        return end;
    }
}
