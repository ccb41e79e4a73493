// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;

/** Takes from its channel what a test asks for, and no more. */
@Singleton
public class SlowApplication {
    @Inject
    @Channel("flood-out")
    Emitter<Integer> out;

    @Inject
    @Channel("flood-in")
    Multi<Integer> in;
}
