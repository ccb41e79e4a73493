// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.common.Checks.require;

import java.util.function.Predicate;

/**
 * Who asks the coordinator. An in-JVM member has a client host of its own making: nothing here assumes a socket.
 *
 * @param clientId as the client calls itself; becomes the first half of its member ids
 * @param clientHost where it comes from, as Kafka shows it: {@code /127.0.0.1}
 * @param version of the request's api
 * @param mayDescribe the topics that the client may know of; any thread. Asked where topics are found for the client,
 *     which it did not name
 */
public record GroupRequest(String clientId, String clientHost, short version, Predicate<String> mayDescribe) {
    public GroupRequest {
        require(clientId != null && clientHost != null, "a group request has a client id and host, empty if need be");
    }

    /** A client that names all topics itself, or may know of all. */
    public GroupRequest(String clientId, String clientHost, short version) {
        this(clientId, clientHost, version, topic -> true);
    }
}
