// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.vertx.ext.web.RoutingContext;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Who may use the API. */
@FunctionalInterface
interface AccessCheck {
    /** Everybody: in dev and test mode. */
    AccessCheck OPEN = context -> CompletableFuture.completedStage(Optional.empty());

    /**
     * A refusal.
     *
     * @param headers such as the challenge of a status 401
     */
    record Refusal(Problem problem, Map<String, String> headers) {}

    /** Looks at a request, on its event loop; empty when it may go on. A failure refuses it too. */
    CompletionStage<Optional<Refusal>> check(RoutingContext context);
}
