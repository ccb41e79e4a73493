// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import io.kaon.wire.ApiMessage;
import java.util.concurrent.CompletableFuture;

/** Sends requests to a broker. Any thread may call; answers arrive on a thread that must not be held up. */
@FunctionalInterface
public interface ApiCaller {
    /**
     * Sends a request.
     *
     * @param answer the type of this api's answer
     */
    <T extends ApiMessage> CompletableFuture<T> call(Class<T> answer, ApiMessage request);
}
