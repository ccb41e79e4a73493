// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static org.assertj.core.api.Assertions.fail;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits in tests for what other threads do, at most half a minute. */
final class Eventually {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_NS = 200_000;

    private Eventually() {}

    static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + LIMIT_NS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("it never came: " + what);
            }
            LockSupport.parkNanos(POLL_NS);
        }
    }

    static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(LIMIT_NS, TimeUnit.NANOSECONDS);
    }
}
