// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Lets the same people as the API in, to pages that stand beside it. Immutable; asked on event loops. */
public final class PageGate {
    private static final Problem NOBODY_KNOWS = Problem.of(403, 40301, "Nobody could say who you are.");

    private final BrowserGuard guard;
    private final AccessCheck access;

    private PageGate(BrowserGuard guard, AccessCheck access) {
        this.guard = guard;
        this.access = access;
    }

    /**
     * @param knowsUsers whether the application has a security extension
     * @throws ConfigurationException when a role is asked for and nothing knows users
     */
    public static PageGate of(KaonRestConfig settings, LaunchMode launchMode, boolean knowsUsers) {
        Set<String> roles = KaonRestRecorder.roles(settings, launchMode, knowsUsers);
        return new PageGate(
                new BrowserGuard(new HashSet<>(settings.hosts().orElse(List.of()))),
                roles.isEmpty() ? AccessCheck.OPEN : new RoleCheck(roles));
    }

    /** Where the application's pages begin, without a slash at its end. */
    public static String rootPath() {
        return KaonRestRecorder.rootPath();
    }

    /** Hands the request on if whoever asks may see the page; answers it otherwise. */
    public void check(RoutingContext context, Handler<RoutingContext> page) {
        Optional<Problem> refusal = guard.refusal(
                RestHandler.authorityOf(context.request()), context.request().getHeader("Origin"), false);
        if (refusal.isPresent()) {
            refuse(context, refusal.get(), Map.of());
            return;
        }
        Context eventLoop = Vertx.currentContext();
        access.check(context)
                .whenComplete((found, failure) -> eventLoop.runOnContext(ignored -> {
                    if (failure != null) {
                        refuse(context, NOBODY_KNOWS, Map.of());
                    } else if (found.isPresent()) {
                        refuse(context, found.get().problem(), found.get().headers());
                    } else {
                        page.handle(context);
                    }
                }));
    }

    private static void refuse(RoutingContext context, Problem problem, Map<String, String> headers) {
        HttpServerResponse response = context.response().setStatusCode(problem.status());
        headers.forEach(response::putHeader);
        response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
                .end(problem.detail());
    }
}
