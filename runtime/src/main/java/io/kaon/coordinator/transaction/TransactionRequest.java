// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

import static io.kaon.common.Checks.require;

/**
 * Who asks the coordinator.
 *
 * @param version of the request's api
 * @param clientId as the client calls itself, possibly empty
 */
public record TransactionRequest(short version, String clientId) {
    public TransactionRequest {
        require(clientId != null, "a transaction request has a client id, empty if need be");
    }
}
