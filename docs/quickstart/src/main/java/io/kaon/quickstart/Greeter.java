// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Reads each number from one topic and writes a sentence to another. Change the sentence while dev mode runs. */
@ApplicationScoped
public class Greeter {
    @Incoming("ticks-in")
    @Outgoing("greetings-out")
    String greet(long tick) {
        return "Hello, tick " + tick;
    }
}
