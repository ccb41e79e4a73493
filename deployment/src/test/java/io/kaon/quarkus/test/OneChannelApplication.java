// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** The smallest application with a channel. */
@ApplicationScoped
public class OneChannelApplication {
    @Incoming("only")
    void receive(String message) {}
}
