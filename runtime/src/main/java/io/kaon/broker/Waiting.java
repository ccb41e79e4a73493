// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;

/** Blocking waits of the composition root, bounded in time. */
final class Waiting {
    private static final Logger LOG = Logger.getLogger(Waiting.class);

    private Waiting() {}

    /** The result; what the stage failed with is thrown, wrapped only if it is checked. */
    static <T> T on(String what, CompletionStage<T> stage, long seconds) {
        try {
            return stage.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            Throwable cause = failure.getCause();
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new BrokerStartException(cause.getMessage(), cause);
        } catch (TimeoutException late) {
            throw new BrokerStartException(what + " did not come within " + seconds + " s", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new BrokerStartException("interrupted while waiting for " + what, interrupted);
        }
    }

    /** Waits for the end of something while closing: a failure is logged and the closing goes on. */
    static void quietly(String what, CompletionStage<?> stage, long seconds) {
        try {
            stage.toCompletableFuture().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException failure) {
            LOG.errorf(failure.getCause(), "%s did not close cleanly", what);
        } catch (TimeoutException late) {
            LOG.warnf("%s did not close within %d s", what, seconds);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
