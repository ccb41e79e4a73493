// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static io.kaon.common.Checks.require;

import java.util.Set;

/**
 * How the API is offered.
 *
 * @param rootPath of the application, without a slash at its end; empty when it is the root
 * @param hosts names under which clients may reach it, beside localhost and addresses
 * @param maxBodyBytes of one request
 * @param maxRequests that are worked on at a time
 * @param maxStreams that are open at a time, of those
 */
record RestSettings(String rootPath, Set<String> hosts, int maxBodyBytes, int maxRequests, int maxStreams) {
    static final String PREFIX = "/v3";

    RestSettings {
        hosts = Set.copyOf(hosts);
        require(maxBodyBytes >= 1, "quarkus.kaon.rest.max-body-size must be at least 1 byte, was %s", maxBodyBytes);
        require(maxRequests >= 1, "quarkus.kaon.rest.max-requests must be at least 1, was %s", maxRequests);
        require(maxStreams >= 0, "quarkus.kaon.rest.max-streams must be at least 0, was %s", maxStreams);
    }

    /** Where the API begins. */
    String base() {
        return rootPath + PREFIX;
    }
}
