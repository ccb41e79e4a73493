// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * What a producer without a socket has done, under the names that Kafka's own producer has for it. Any thread; a reading
 * is not a snapshot.
 */
final class ProducerMeter {
    private static final String GROUP = "producer-metrics";

    private final LongAdder sent = new LongAdder();
    private final LongAdder sentBytes = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder retried = new LongAdder();
    private final LongAdder batches = new LongAdder();
    private final LongAdder batchedRecords = new LongAdder();
    private final LongAdder batchedBytes = new LongAdder();

    /** A batch sets out, for the first time or again. */
    void onBatch(int records, int bytes) {
        batches.increment();
        batchedRecords.add(records);
        batchedBytes.add(bytes);
    }

    void onRetry(int records) {
        retried.add(records);
    }

    void onSent(int records, int bytes) {
        sent.add(records);
        sentBytes.add(bytes);
    }

    void onFailed(int records) {
        failed.add(records);
    }

    /**
     * Kafka's metrics, as far as they make sense here.
     *
     * @param isOpen 1 while the producer is
     * @param buffer the memory that records take and may take, in bytes
     */
    Map<MetricName, Metric> metrics(String clientId, DoubleSupplier isOpen, Buffer buffer) {
        Metrics metrics = new Metrics(clientId);
        metrics.add("connection-count", "Ways into the broker of this application that are open", isOpen);
        metrics.add("connection-creation-total", "Ways into the broker that were opened", () -> 1);
        // Kafka counts what it hands to the network, so a record that fails afterwards is in both.
        metrics.add("record-send-total", "Records that were sent", () -> sent.sum() + failed.sum());
        metrics.add("record-error-total", "Records that could not be sent", failed::sum);
        metrics.add("record-retry-total", "Records that were sent again", retried::sum);
        metrics.add("outgoing-byte-total", "Bytes of batches", batchedBytes::sum);
        metrics.add("request-total", "Batches", batches::sum);
        metrics.add("batch-size-avg", "Bytes of a batch", () -> ratio(batchedBytes, batches));
        metrics.add("records-per-request-avg", "Records of a batch", () -> ratio(batchedRecords, batches));
        metrics.add("record-size-avg", "Bytes of a record", () -> ratio(sentBytes, sent));
        metrics.add("buffer-total-bytes", "Bytes of records that may wait", buffer.total());
        metrics.add(
                "buffer-available-bytes", "Bytes of records that may wait beside those that do", buffer.available());
        return metrics.all;
    }

    /** Readings of a producer's memory, in bytes. */
    record Buffer(DoubleSupplier total, DoubleSupplier available) {}

    private static double ratio(LongAdder sum, LongAdder count) {
        long things = count.sum();
        return things == 0 ? Double.NaN : (double) sum.sum() / things;
    }

    private static final class Metrics {
        private final Map<MetricName, Metric> all = new HashMap<>();
        private final Map<String, String> tags;

        Metrics(String clientId) {
            this.tags = Map.of("client-id", clientId);
        }

        void add(String name, String description, DoubleSupplier value) {
            MetricName metric = new MetricName(name, GROUP, description, tags);
            all.put(metric, new Reading(metric, value));
        }
    }

    private record Reading(MetricName metricName, DoubleSupplier value) implements Metric {
        @Override
        public Object metricValue() {
            return value.getAsDouble();
        }
    }
}
