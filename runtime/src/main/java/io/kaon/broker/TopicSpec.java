// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static io.kaon.common.Checks.require;

import java.util.Map;

/**
 * A topic that exists once the broker has started; one that is there already is left as it is.
 *
 * @param partitions how many partitions; −1 for the broker's {@code num.partitions}
 * @param config topic settings under Kafka's names
 */
public record TopicSpec(int partitions, Map<String, String> config) {
    /** Leaves the number of partitions to the broker. */
    public static final int DEFAULT_PARTITIONS = -1;

    public TopicSpec {
        require(
                partitions > 0 || partitions == DEFAULT_PARTITIONS,
                "quarkus.kaon.broker.topics: partitions must be at least 1, was %s",
                partitions);
        config = Map.copyOf(config);
    }
}
