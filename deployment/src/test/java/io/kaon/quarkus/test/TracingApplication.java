// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** An application with channels whose spans stay in memory. */
@Singleton
public class TracingApplication {
    @Inject
    @Channel("orders-out")
    Emitter<String> orders;

    @Inject
    @Channel("bulk-out")
    Emitter<String> bulk;

    @Inject
    @Channel("risky-out")
    Emitter<String> risky;

    @Inject
    @Channel("quiet-out")
    Emitter<String> quiet;

    final List<String> parcels = new CopyOnWriteArrayList<>();
    final List<String> bulkIn = new CopyOnWriteArrayList<>();
    final List<String> dead = new CopyOnWriteArrayList<>();
    final List<String> quietIn = new CopyOnWriteArrayList<>();

    @Incoming("orders-in")
    @Outgoing("parcels-out")
    String pack(String order) {
        return order + " in a box";
    }

    @Incoming("parcels-in")
    void parcel(String parcel) {
        parcels.add(parcel);
    }

    @Incoming("bulk-in")
    void bulk(List<String> batch) {
        bulkIn.addAll(batch);
    }

    @Incoming("risky-in")
    void risk(String word) {
        throw new IllegalArgumentException("refused");
    }

    @Incoming("dead-in")
    void dead(String word) {
        dead.add(word);
    }

    @Incoming("quiet-in")
    void quiet(String word) {
        quietIn.add(word);
    }

    /** Apart from the channels, which need it before they are there. */
    @Singleton
    public static class Spans {
        static final InMemorySpanExporter KEPT = InMemorySpanExporter.create();

        @Produces
        @Singleton
        SpanProcessor processor() {
            return SimpleSpanProcessor.create(KEPT);
        }
    }
}
