// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Sends a number every second to the topic {@code ticks}. */
@ApplicationScoped
public class Ticker {
    @Outgoing("ticks-out")
    Multi<Long> tick() {
        return Multi.createFrom()
                .ticks()
                .every(Duration.ofSeconds(1))
                .onOverflow()
                .drop();
    }
}
