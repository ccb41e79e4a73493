// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** The application under test: a receipt for each order. */
@ApplicationScoped
public class Receipts {
    @Incoming("orders")
    @Outgoing("receipts")
    String receiptOf(String order) {
        return "receipt of " + order;
    }
}
