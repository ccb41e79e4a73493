// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

/**
 * Who a request comes from, in Kafka's notation {@code type:name}.
 *
 * @param type {@code User} for all that we authenticate
 * @param name the user's name
 */
public record Principal(String type, String name) {
    /** Somebody who did not have to say who they are. */
    public static final Principal ANONYMOUS = new Principal("User", "ANONYMOUS");

    @Override
    public String toString() {
        return type + ":" + name;
    }
}
