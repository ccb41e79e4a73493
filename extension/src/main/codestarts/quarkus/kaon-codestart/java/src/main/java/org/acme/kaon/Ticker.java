package org.acme.kaon;

import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Writes a number to the topic "ticks" every second. */
@ApplicationScoped
public class Ticker {

    @Outgoing("ticks-out")
    Multi<Long> tick() {
        return Multi.createFrom().ticks().every(Duration.ofSeconds(1)).onOverflow().drop();
    }
}
