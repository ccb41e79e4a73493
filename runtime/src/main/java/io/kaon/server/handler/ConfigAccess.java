// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ConfigResource;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Principal;
import io.kaon.server.Resource;
import java.util.Optional;

/**
 * Who may read or change the settings of what: of a topic and a group by themselves, of everything else by the cluster.
 *
 * @param operation DESCRIBE_CONFIGS or ALTER_CONFIGS
 */
record ConfigAccess(Authoriser authoriser, Operation operation) {
    /** NONE, INVALID_REQUEST for a kind of resource that there is not, or the authorisation error of the kind. */
    ErrorCode refusal(Principal principal, byte resourceType, String name) {
        Optional<ConfigResource.Type> type = ConfigResource.Type.of(resourceType);
        if (type.isEmpty()) {
            return ErrorCode.INVALID_REQUEST;
        }
        switch (type.get()) {
            case TOPIC:
                return check(principal, Resource.topic(name), ErrorCode.TOPIC_AUTHORIZATION_FAILED);
            case GROUP:
                return check(principal, Resource.group(name), ErrorCode.GROUP_AUTHORIZATION_FAILED);
            default:
                return check(principal, Resource.CLUSTER, ErrorCode.CLUSTER_AUTHORIZATION_FAILED);
        }
    }

    private ErrorCode check(Principal principal, Resource resource, ErrorCode refusal) {
        return authoriser.authorise(principal, operation, resource) ? ErrorCode.NONE : refusal;
    }

    /** What a refusal's message says; null, as on the wire, when the code says it all. */
    static String message(ErrorCode refusal, byte resourceType) {
        return refusal == ErrorCode.INVALID_REQUEST ? "There is no resource type " + resourceType + "." : null;
    }
}
