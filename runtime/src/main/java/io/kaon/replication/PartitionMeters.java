// SPDX-License-Identifier: Apache-2.0
package io.kaon.replication;

import io.kaon.telemetry.Level;
import io.kaon.telemetry.MetricSource;
import io.kaon.telemetry.RequestMetrics;
import io.kaon.telemetry.TopicMeters;
import java.util.Map;

/**
 * What a broker counts of its partitions while it serves them. Any thread.
 *
 * @param topics the traffic
 * @param waitingProduces answers that wait for a sync or for replicas
 * @param waitingFetches fetches that wait for records
 */
public record PartitionMeters(TopicMeters topics, Level waitingProduces, Level waitingFetches) implements MetricSource {
    private static final String OPERATION = "delayedOperation";
    private static final Map<String, String> PRODUCE = Map.of(OPERATION, "Produce");
    private static final Map<String, String> FETCH = Map.of(OPERATION, "Fetch");

    PartitionMeters() {
        this(new TopicMeters(), new Level(), new Level());
    }

    @Override
    public void collect(Look look, Sink sink) {
        topics.collect(look, sink);
        sink.accept(RequestMetrics.PURGATORY, PRODUCE, waitingProduces.value());
        sink.accept(RequestMetrics.PURGATORY, FETCH, waitingFetches.value());
    }
}
