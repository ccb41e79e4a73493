// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.quarkus.arc.Arc;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.annotations.Recorder;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;

/** Puts the API on the HTTP server of the application, if it is enabled. */
@Recorder
public class KaonRestRecorder {
    /** Whom a packaged application lets in when it does not say so. */
    static final String DEFAULT_ROLE = "kaon-admin";

    private final RuntimeValue<KaonRestConfig> config;

    public KaonRestRecorder(RuntimeValue<KaonRestConfig> config) {
        this.config = config;
    }

    /**
     * The handler of everything under {@code /v3}.
     *
     * @param knowsUsers whether the application has a security extension
     * @throws ConfigurationException when a role is asked for and nothing knows users
     */
    public Handler<RoutingContext> handler(LaunchMode launchMode, boolean knowsUsers) {
        KaonRestConfig settings = config.getValue();
        if (!settings.enabled().orElse(launchMode.isDevOrTest())) {
            return RoutingContext::next;
        }
        Set<String> roles = roles(settings, launchMode, knowsUsers);
        RestSettings rest = new RestSettings(
                rootPath(),
                new HashSet<>(settings.hosts().orElse(List.of())),
                (int) Math.min(settings.maxBodySize().asLongValue(), Integer.MAX_VALUE / 2),
                settings.maxRequests(),
                settings.maxStreams());
        AccessCheck access = roles.isEmpty() ? AccessCheck.OPEN : new RoleCheck(roles);
        // The beans are there when the first request is.
        return new Handler<>() {
            private volatile RestHandler handler;

            @Override
            public void handle(RoutingContext context) {
                RestHandler ready = handler;
                if (ready == null) {
                    ready = Arc.container().instance(RestApi.class).get().handler(rest, access);
                    handler = ready;
                }
                ready.handle(context);
            }
        };
    }

    /** The roles of which a user needs one; none where everybody may come in. */
    static Set<String> roles(KaonRestConfig settings, LaunchMode launchMode, boolean knowsUsers) {
        Set<String> roles = settings.roles()
                .filter(names -> !names.isEmpty())
                .<Set<String>>map(HashSet::new)
                .orElseGet(() -> launchMode.isDevOrTest() ? Set.of() : Set.of(DEFAULT_ROLE));
        if (!roles.isEmpty() && !knowsUsers) {
            throw new ConfigurationException("quarkus.kaon.rest.enabled is on, and the API asks for a role "
                    + roles
                    + " (quarkus.kaon.rest.roles), but nothing in this application knows users. Add a security"
                    + " extension, such as quarkus-elytron-security-properties-file or quarkus-oidc.");
        }
        return roles;
    }

    /** Of the application, without a slash at its end. */
    static String rootPath() {
        String path = ConfigProvider.getConfig()
                .getOptionalValue("quarkus.http.root-path", String.class)
                .orElse("/");
        String begun = path.startsWith("/") ? path : "/" + path;
        return begun.endsWith("/") ? begun.substring(0, begun.length() - 1) : begun;
    }
}
