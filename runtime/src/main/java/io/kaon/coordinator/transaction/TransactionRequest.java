// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.transaction;

/**
 * Who asks the coordinator.
 *
 * @param version of the request's api
 */
public record TransactionRequest(short version) {}
