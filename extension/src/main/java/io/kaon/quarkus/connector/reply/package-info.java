// SPDX-License-Identifier: Apache-2.0
/**
 * Requests over a channel, and the replies to them. An emitter owns which requests wait for a reply, in a map for any
 * thread: those who ask are on theirs, replies come on the event loop of the channel that reads them. That channel is a
 * source of {@code incoming}, or SmallRye's for another broker.
 */
package io.kaon.quarkus.connector.reply;
