// SPDX-License-Identifier: Apache-2.0
package io.kaon.console;

import io.smallrye.mutiny.Multi;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** An application to look at: orders come, are billed, and some cannot be. */
@ApplicationScoped
public class ShopApplication {
    @Outgoing("orders-out")
    Multi<String> order() {
        return Multi.createFrom()
                .ticks()
                .every(Duration.ofMillis(100))
                .onOverflow()
                .drop()
                .map(tick -> "{\"order\":" + tick + ",\"customer\":\"customer-" + tick % 17 + "\",\"total\":19.90}");
    }

    @Incoming("orders-in")
    @Outgoing("bills-out")
    String bill(String order) {
        if (order.contains("\"customer-13\"")) {
            throw new IllegalStateException("The customer is not known");
        }
        return order.replace("order", "bill");
    }

    @Incoming("bills-in")
    void book(String bill) {}
}
