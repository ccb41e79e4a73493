// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

/**
 * A listener of this broker, with the address that it tells its clients.
 *
 * @param name the listener's name, such as {@code PLAINTEXT}: the same name finds the other brokers' addresses
 * @param advertisedHost the host name that clients are told
 * @param advertisedPort the port that clients are told, the real one when the listener was bound to port 0
 */
public record Listener(String name, String advertisedHost, int advertisedPort) {}
