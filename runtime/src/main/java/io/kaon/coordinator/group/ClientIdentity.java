// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

/**
 * Who a member is to people who look at a group.
 *
 * @param clientId as the client calls itself
 * @param clientHost where its last join came from
 */
record ClientIdentity(String clientId, String clientHost) {}
