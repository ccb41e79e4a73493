// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.coordinator.group.GroupRequest;
import io.kaon.server.RequestContext;

/** How a request looks to the group coordinator. */
final class GroupCalls {
    private GroupCalls() {}

    /** Kafka shows a member's host as Java prints an address without a name: with a slash before it. */
    static GroupRequest from(RequestContext context) {
        String host = context.clientHost();
        return new GroupRequest(context.clientId(), host.startsWith("/") ? host : "/" + host, context.version());
    }
}
