// SPDX-License-Identifier: Apache-2.0
package io.kaon.channels;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.UnicastProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;

/** The rounds of messages that the one generator that takes part gives; those of the others are empty. */
@ApplicationScoped
class Rounds {
    private final CourseConfig config;
    private final UnicastProcessor<Integer> sizes = UnicastProcessor.create();

    @Inject
    Rounds(CourseConfig config) {
        this.config = config;
    }

    Multi<Integer> of(CourseConfig.Path path) {
        return path != config.path()
                ? Multi.createFrom().nothing()
                : sizes.onItem().transformToMultiAndConcatenate(size -> Multi.createFrom()
                        .range(0, size));
    }

    /** Lets the generator give the messages of one round. */
    void next() {
        sizes.onNext(config.messages());
    }
}
