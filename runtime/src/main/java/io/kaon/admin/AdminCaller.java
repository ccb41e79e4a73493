// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.common.ErrorCode;
import io.kaon.network.CallFailedException;
import io.kaon.network.InJvmCaller;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One client's questions to a broker in this JVM. Any thread may call. What depends on an answer runs on the executor,
 * never on an event loop of the broker, so that it may take some time; it must not block for long.
 *
 * <p>It is one connection: calls start in order, and one Fetch runs at a time. Whoever reads records opens one of its
 * own and closes it.
 */
public final class AdminCaller implements AutoCloseable {
    /** Long enough for what waits in the broker (a log that is opened); who asks gets an answer either way. */
    private static final int TIMEOUT_SECONDS = 30;
    /** Where the latest version names topics by id alone. */
    private static final Map<ApiKey, Short> VERSIONS = Map.of(
            ApiKey.PRODUCE, (short) 12,
            ApiKey.FETCH, (short) 12,
            ApiKey.OFFSET_COMMIT, (short) 9,
            ApiKey.OFFSET_FETCH, (short) 9,
            ApiKey.METADATA, (short) 12);

    private final InJvmCaller caller;
    private final Executor executor;

    /** @param executor where answers arrive */
    public AdminCaller(InJvmCaller caller, Executor executor) {
        this.caller = caller;
        this.executor = executor;
    }

    /**
     * Asks. Record bytes in the answer belong to the caller of this method, who releases each.
     *
     * @param answer the type of this api's answer
     * @return fails with {@link AdminException}: REQUEST_TIMED_OUT when no answer came, NETWORK_EXCEPTION when the
     *     broker would have closed a connection. Errors inside the answer are not looked at: see {@link #check}
     */
    public <T extends ApiMessage> CompletionStage<T> call(Class<T> answer, ApiMessage request) {
        ApiKey api = ApiKey.of(request.apiKey())
                .orElseThrow(() -> new IllegalArgumentException("no api has the number " + request.apiKey()));
        short version = VERSIONS.getOrDefault(api, api.latestVersion());
        CompletableFuture<T> result = new CompletableFuture<T>().orTimeout(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        caller.call(request, version).whenComplete((message, failure) -> {
            if (failure == null) {
                result.complete(answer.cast(message));
            } else {
                result.completeExceptionally(failure);
            }
        });
        return result.handleAsync(
                (message, failure) -> {
                    if (failure != null) {
                        throw refusal(failure);
                    }
                    return message;
                },
                executor);
    }

    /** Where answers arrive, for work that has to be done away from an event loop. */
    public Executor executor() {
        return executor;
    }

    /**
     * Throws what an error code in an answer says.
     *
     * @param message as in the answer; null for none
     * @throws AdminException unless the code is NONE
     */
    public static void check(short code, String message) {
        if (code != ErrorCode.NONE.code()) {
            throw new AdminException(ErrorCode.of(code), message);
        }
    }

    private static RuntimeException refusal(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return new AdminException(ErrorCode.REQUEST_TIMED_OUT, null);
        }
        if (cause instanceof CallFailedException) {
            return new AdminException(ErrorCode.NETWORK_EXCEPTION, "The broker gave no answer: " + cause.getMessage());
        }
        if (cause instanceof RejectedExecutionException) {
            return new AdminException(ErrorCode.NETWORK_EXCEPTION, "The broker takes no more calls at the moment.");
        }
        return cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
    }

    @Override
    public void close() {
        caller.close();
    }
}
