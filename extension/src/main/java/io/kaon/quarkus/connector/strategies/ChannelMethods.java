// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Which methods of the application take the records of which channel, found when it was built: for messages that say who
 * holds a record up.
 *
 * @param methods {@code class.method} by channel
 */
public record ChannelMethods(Map<String, List<String>> methods) {
    public ChannelMethods {
        methods = Map.copyOf(methods);
    }

    /** Words for a sentence, such as {@code org.acme.Orders.process()}. */
    String of(String channel) {
        List<String> found = Objects.requireNonNullElse(methods.get(channel), List.of());
        return found.isEmpty() ? "who reads the channel '" + channel + "'" : String.join("() or ", found) + "()";
    }
}
