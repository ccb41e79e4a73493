// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** The sending methods. Each gives what {@link Rounds} asks for, as fast as it is taken. */
@ApplicationScoped
class Generators {
    private final Rounds rounds;
    private final Tally tally;
    private final Object payload;

    @Inject
    Generators(Rounds rounds, Tally tally, CourseConfig config) {
        this.rounds = rounds;
        this.tally = tally;
        String text = "x".repeat(config.bytes());
        this.payload = config.value().endsWith("String") ? text : text.getBytes(StandardCharsets.US_ASCII);
    }

    @Outgoing("direct")
    Multi<Object> direct() {
        return rounds.of(CourseConfig.Path.DIRECT).map(number -> payload);
    }

    @Outgoing("direct-worker")
    Multi<Object> directWorker() {
        return rounds.of(CourseConfig.Path.DIRECT_WORKER).map(number -> payload);
    }

    @Outgoing("out")
    Multi<Object> out() {
        return rounds.of(CourseConfig.Path.WHOLE).map(number -> payload);
    }

    /** Messages, because only they tell when the log has them. */
    @Outgoing("out-acknowledged")
    Multi<Message<Object>> acknowledged() {
        Supplier<CompletionStage<Void>> onAcknowledged = () -> {
            tally.add(1);
            return CompletableFuture.completedFuture(null);
        };
        return rounds.of(CourseConfig.Path.OUTGOING).map(number -> Message.of(payload, onAcknowledged));
    }
}
