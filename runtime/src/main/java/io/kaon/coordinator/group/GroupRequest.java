// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.common.Checks.require;

/**
 * Who asks the coordinator. An in-JVM member has a client host of its own making: nothing here assumes a socket.
 *
 * @param clientId as the client calls itself; becomes the first half of its member ids
 * @param clientHost where it comes from, as Kafka shows it: {@code /127.0.0.1}
 * @param version of the request's api
 */
public record GroupRequest(String clientId, String clientHost, short version) {
    public GroupRequest {
        require(clientId != null && clientHost != null, "a group request has a client id and host, empty if need be");
    }
}
