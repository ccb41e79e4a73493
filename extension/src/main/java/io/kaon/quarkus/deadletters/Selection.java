// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.Optional;
import java.util.Set;

/**
 * Which dead letters are to be replayed.
 *
 * @param places of them; empty for all that the topic has when the replay begins
 * @param isAgain whether also those that have been replayed before
 */
public record Selection(Optional<Set<Place>> places, boolean isAgain) {
    /** A record of a topic. */
    public record Place(int partition, long offset) {}

    public Selection {
        places = places.map(Set::copyOf);
    }
}
