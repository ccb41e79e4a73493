// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

/**
 * A listener that listens.
 *
 * @param host as it was asked for
 * @param port the real one
 */
public record BoundListener(String name, String host, int port) {}
