// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import java.util.List;

/**
 * A place in the code of the application where records pass, found when it was built: a method with {@code @Incoming} or
 * {@code @Outgoing}, an emitter, or a stream that is injected.
 *
 * @param place {@code class#method} or {@code class#field}
 * @param isMethod whether it is a method that the framework calls, and not a thing that the application was given
 * @param incoming the channels whose records it takes
 * @param outgoing the channels that it sends to
 */
public record ApplicationStep(String place, boolean isMethod, List<String> incoming, List<String> outgoing) {
    public ApplicationStep {
        incoming = List.copyOf(incoming);
        outgoing = List.copyOf(outgoing);
    }
}
