// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticator;
import io.quarkus.vertx.http.runtime.security.QuarkusHttpUser;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Asks for a user with one of some roles. What it cannot find out counts as no. Immutable. */
final class RoleCheck implements AccessCheck {
    /** As in Quarkus' own configuration: whoever is logged in. */
    private static final String ANY_USER = "**";

    private static final int UNAUTHORIZED = 401;
    private static final int NOT_AUTHENTICATED = 40101;
    private static final int FORBIDDEN = 403;
    private static final int NOT_ALLOWED = 40301;

    private final Set<String> roles;

    RoleCheck(Set<String> roles) {
        this.roles = Set.copyOf(roles);
    }

    @Override
    public CompletionStage<Optional<Refusal>> check(RoutingContext context) {
        HttpAuthenticator authenticator = context.get(HttpAuthenticator.class.getName());
        Uni<SecurityIdentity> identity = QuarkusHttpUser.getSecurityIdentity(
                context, authenticator == null ? null : authenticator.getIdentityProviderManager());
        if (identity == null) {
            return unauthorized(context, authenticator).subscribeAsCompletionStage();
        }
        return identity.onItemOrFailure()
                .transformToUni((user, failure) -> {
                    if (failure != null || user == null || user.isAnonymous()) {
                        return unauthorized(context, authenticator);
                    }
                    return Uni.createFrom().item(mayUse(user) ? Optional.<Refusal>empty() : Optional.of(forbidden()));
                })
                .subscribeAsCompletionStage();
    }

    private boolean mayUse(SecurityIdentity user) {
        return roles.contains(ANY_USER) || roles.stream().anyMatch(user::hasRole);
    }

    private Refusal forbidden() {
        return new Refusal(
                Problem.of(
                        FORBIDDEN,
                        NOT_ALLOWED,
                        "This user has none of the roles that the API asks for (quarkus.kaon.rest.roles)."),
                Map.of());
    }

    /** With the challenge of the application's way to log in, if it has one. */
    private static Uni<Optional<Refusal>> unauthorized(RoutingContext context, HttpAuthenticator authenticator) {
        Problem problem = Problem.of(UNAUTHORIZED, NOT_AUTHENTICATED, "This API asks for a user with a role: log in.");
        if (authenticator == null) {
            return Uni.createFrom().item(Optional.of(new Refusal(problem, Map.of())));
        }
        return authenticator.getChallenge(context).map(challenge -> {
            Map<String, String> headers = new HashMap<>();
            if (challenge != null) {
                challenge.getHeaders().forEach((name, value) -> headers.put(name.toString(), value));
            }
            return Optional.of(new Refusal(problem, headers));
        });
    }
}
