// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.coordinator.group.GroupRequest;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Principal;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;

/** How a request looks to the group coordinator. */
final class GroupCalls {
    private GroupCalls() {}

    /** Kafka shows a member's host as Java prints an address without a name: with a slash before it. */
    static GroupRequest from(RequestContext context) {
        return new GroupRequest(context.clientId(), host(context), context.version());
    }

    /** For a request that makes the coordinator look for topics: only those count that the client may describe. */
    static GroupRequest from(RequestContext context, Authoriser authoriser) {
        Principal principal = context.principal();
        return new GroupRequest(
                context.clientId(),
                host(context),
                context.version(),
                topic -> authoriser.authorise(principal, Operation.DESCRIBE, Resource.topic(topic)));
    }

    private static String host(RequestContext context) {
        String host = context.clientHost();
        return host.startsWith("/") ? host : "/" + host;
    }
}
