// SPDX-License-Identifier: Apache-2.0
package io.kaon.quickstart;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.jboss.logging.Logger;

/** Prints each sentence as it arrives. */
@ApplicationScoped
public class Printer {
    private static final Logger LOG = Logger.getLogger(Printer.class);

    @Incoming("greetings-in")
    void print(String greeting) {
        LOG.info(greeting);
    }
}
