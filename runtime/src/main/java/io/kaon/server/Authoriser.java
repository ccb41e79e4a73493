// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

/** Decides who may do what. Every handler asks, from any thread; the answer must come at once. */
@FunctionalInterface
public interface Authoriser {
    /** The policy of a broker without access control. */
    Authoriser ALLOW_ALL = (principal, operation, resource) -> true;

    boolean authorise(Principal principal, Operation operation, Resource resource);

    /** All operations on the resource that the principal may do, as the bit field of KIP-430. */
    default int authorisedOperations(Principal principal, Resource resource) {
        int bits = 0;
        for (Operation operation : resource.type().operations()) {
            if (authorise(principal, operation, resource)) {
                bits |= operation.bit();
            }
        }
        return bits;
    }
}
