// SPDX-License-Identifier: Apache-2.0
/**
 * What can be set on a channel, who wins when several set it, which broker follows from it, and which settings have
 * no effect without a socket. Values and pure functions, for any thread; no channel is open yet when they are asked.
 */
package io.kaon.quarkus.connector.attributes;
