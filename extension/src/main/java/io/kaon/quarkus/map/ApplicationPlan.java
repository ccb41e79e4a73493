// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import java.util.List;
import java.util.Map;

/**
 * What is known of an application's channels when it is built.
 *
 * @param steps the places that send and receive
 * @param incoming connectors of incoming channels, by channel
 * @param outgoing connectors of outgoing channels, by channel
 */
public record ApplicationPlan(List<ApplicationStep> steps, Map<String, String> incoming, Map<String, String> outgoing) {
    public ApplicationPlan {
        steps = List.copyOf(steps);
        incoming = Map.copyOf(incoming);
        outgoing = Map.copyOf(outgoing);
    }
}
