// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Emitter;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Two consumers of one channel share six partitions. */
@Singleton
public class GroupApplication {
    @Inject
    @Channel("work-out")
    Emitter<Record<String, Integer>> work;

    /** How often each number has arrived. */
    final Map<Integer, Integer> arrivals = new ConcurrentHashMap<>();

    @Incoming("work-in")
    void take(int number) {
        arrivals.merge(number, 1, Integer::sum);
    }
}
