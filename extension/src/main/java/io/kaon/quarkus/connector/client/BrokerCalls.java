// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import io.kaon.common.ErrorCode;
import io.kaon.network.CallFailedException;
import io.kaon.network.InJvmCaller;
import io.kaon.server.ErrorMapping;
import io.kaon.server.ErrorResponses;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * One client's way into the broker: requests as message objects, without a socket. Any thread may call; answers arrive
 * on a thread of the broker, which must not be held up.
 */
public final class BrokerCalls implements ApiCaller, AutoCloseable {
    /**
     * The versions that this client is written for, where the latest is not the one: those that name topics by name
     * instead of by id.
     */
    private static final Map<ApiKey, Short> VERSIONS = Map.of(
            ApiKey.PRODUCE, (short) 12,
            ApiKey.FETCH, (short) 12,
            ApiKey.OFFSET_COMMIT, (short) 9,
            ApiKey.OFFSET_FETCH, (short) 9,
            ApiKey.METADATA, (short) 12,
            ApiKey.TXN_OFFSET_COMMIT, (short) 5);

    private final InJvmCaller caller;
    private volatile boolean isClosed;

    public BrokerCalls(InJvmCaller caller) {
        this.caller = caller;
    }

    @Override
    public <T extends ApiMessage> CompletableFuture<T> call(Class<T> answer, ApiMessage request) {
        ApiKey api = ApiKey.of(request.apiKey())
                .orElseThrow(() -> new IllegalArgumentException("no api has the number " + request.apiKey()));
        short version = VERSIONS.getOrDefault(api, api.latestVersion());
        return caller.call(request, version)
                .exceptionally(failure -> disconnected(request, version, failure))
                .thenApply(answer::cast)
                .toCompletableFuture();
    }

    /**
     * Where the broker would close a TCP connection instead of answering, the call is lost alone: it is as with Kafka's
     * clients, which make a disconnect the retriable error NETWORK_EXCEPTION of each request in flight. So is a call
     * that is one too many at a time.
     */
    private ApiMessage disconnected(ApiMessage request, short version, Throwable failure) {
        Throwable cause = ErrorMapping.unwrapped(failure);
        boolean passes = cause instanceof CallFailedException || cause instanceof RejectedExecutionException;
        if (passes && !isClosed) {
            return ErrorResponses.of(request, version, ErrorCode.NETWORK_EXCEPTION);
        }
        throw cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
    }

    /**
     * Waits for an answer.
     *
     * @param what for the message of the {@link TimeoutException}
     */
    public static <T> T await(CompletableFuture<T> answer, Deadline deadline, String what) {
        try {
            return answer.get(Math.max(1, deadline.leftMs()), TimeUnit.MILLISECONDS);
        } catch (java.util.concurrent.TimeoutException e) {
            throw new TimeoutException("The broker in this application did not answer in time: " + what, e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException failure
                    ? failure
                    : new KafkaException("The broker in this application failed: " + what, e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /** What the methods of Kafka's clients that are about pushed telemetry (KIP-714) say here. */
    public static UnsupportedOperationException noTelemetry() {
        return new UnsupportedOperationException("A client of the broker in this application pushes no telemetry");
    }

    @Override
    public void close() {
        isClosed = true;
        caller.close();
    }
}
