// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/** The two metrics that SmallRye's health checks read off a client: whether it has a connection, and ever had one. */
final class ConnectedMetrics {
    private static final String COUNT = "connection-count";
    private static final String CREATED = "connection-creation-total";

    private ConnectedMetrics() {}

    /**
     * @param group Kafka's name for the group of metrics, {@code consumer-metrics} or {@code producer-metrics}
     */
    static Map<MetricName, Metric> of(String group, String clientId, BooleanSupplier isOpen) {
        Map<String, String> tags = Map.of("client-id", clientId);
        MetricName count = new MetricName(COUNT, group, "Ways into the broker of this application that are open", tags);
        MetricName created = new MetricName(CREATED, group, "Ways into the broker that were opened", tags);
        return Map.of(
                count, new Reading(count, () -> isOpen.getAsBoolean()),
                created, new Reading(created, () -> true));
    }

    private record Reading(MetricName metricName, BooleanSupplier holds) implements Metric {
        @Override
        public Object metricValue() {
            return holds.getAsBoolean() ? 1.0 : 0.0;
        }
    }
}
