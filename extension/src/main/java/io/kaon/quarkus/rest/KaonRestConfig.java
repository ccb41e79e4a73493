// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/** The broker over HTTP. */
@ConfigMapping(prefix = "quarkus.kaon.rest")
@ConfigRoot(phase = ConfigPhase.RUN_TIME)
public interface KaonRestConfig {
    /**
     * Whether the broker can be seen and steered over HTTP, under {@code /v3}. Without a value it can in dev and test
     * mode, and cannot in a packaged application. It needs the extension {@code quarkus-vertx-http}, which every
     * extension with HTTP endpoints brings.
     */
    Optional<Boolean> enabled();

    /**
     * Roles of which a user needs one. Two asterisks stand for every user who is logged in. Without a value dev and
     * test mode ask for none, and a packaged application for {@code kaon-admin}. Roles need an extension that knows
     * users, such as {@code quarkus-elytron-security-properties-file} or {@code quarkus-oidc}; without one a packaged
     * application in which the API is enabled does not start.
     */
    Optional<List<String>> roles();

    /**
     * Host names under which the API is used, beside {@code localhost} and addresses such as {@code 10.0.0.7}. Other
     * names are refused, so that no web page can reach the API in somebody's browser through a name of its own.
     */
    Optional<List<String>> hosts();

    /**
     * How large the body of a request may be.
     */
    @WithDefault("1M")
    MemorySize maxBodySize();

    /**
     * How many requests are worked on at a time; one more gets the status 429. At least 1.
     */
    @WithDefault("64")
    int maxRequests();

    /**
     * How many of them may be streams: live tails and exports. One more gets the status 429.
     */
    @WithDefault("16")
    int maxStreams();
}
