// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.KafkaClientService;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** One pair of channels on each of two connectors. */
@Singleton
public class BesideKafkaApplication {
    public record Plum(String colour) {}

    @Inject
    @Channel("ours-out")
    MutinyEmitter<Record<Integer, Plum>> ours;

    @Inject
    @Channel("theirs-out")
    MutinyEmitter<Record<Integer, Plum>> theirs;

    @Inject
    KafkaClientService clients;

    final List<Record<Integer, Plum>> ourPlums = new CopyOnWriteArrayList<>();
    final List<Record<Integer, Plum>> theirPlums = new CopyOnWriteArrayList<>();

    @Incoming("ours-in")
    void ours(Record<Integer, Plum> plum) {
        ourPlums.add(plum);
    }

    @Incoming("theirs-in")
    void theirs(Record<Integer, Plum> plum) {
        theirPlums.add(plum);
    }
}
