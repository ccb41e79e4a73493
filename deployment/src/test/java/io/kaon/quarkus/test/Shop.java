// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

@ApplicationScoped
public class Shop {
    public record Order(String fruit, int count) {}

    public record Parcel(List<String> content) {}

    @Inject
    @Channel("orders-out")
    MutinyEmitter<Record<String, Order>> orders;

    private final List<Parcel> shipped = new CopyOnWriteArrayList<>();

    public Uni<Void> order(String customer, Order order) {
        return orders.send(Record.of(customer, order));
    }

    @Incoming("orders-in")
    @Outgoing("parcels-out")
    Record<String, Parcel> pack(Record<String, Order> order) {
        Order wanted = order.value();
        return Record.of(order.key(), new Parcel(List.of(wanted.count() + " × " + wanted.fruit())));
    }

    @Incoming("parcels-in")
    void ship(Parcel parcel) {
        shipped.add(parcel);
    }

    public List<Parcel> shipped() {
        return shipped;
    }
}
