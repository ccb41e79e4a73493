// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.TopicPartition;
import io.kaon.metadata.ClusterImage;
import java.util.HashMap;
import java.util.Map;

/** The tags of topics and partitions, kept from look to look. Of the thread that reads metrics. */
final class MetricTags {
    private static final String TOPIC = "topic";
    private static final String PARTITION = "partition";

    private final Map<String, Map<String, String>> topics = new HashMap<>();
    private final Map<TopicPartition, Map<String, String>> partitions = new HashMap<>();
    private ClusterImage last = ClusterImage.EMPTY;

    /** Forgets everything when topics came or went since the last look. */
    void begin(ClusterImage image) {
        if (!image.hasSameTopicNames(last)) {
            topics.clear();
            partitions.clear();
        }
        last = image;
    }

    Map<String, String> of(String topic) {
        return topics.computeIfAbsent(topic, name -> Map.of(TOPIC, name));
    }

    Map<String, String> of(TopicPartition partition) {
        return partitions.computeIfAbsent(
                partition, name -> Map.of(TOPIC, name.topic(), PARTITION, Integer.toString(name.partition())));
    }
}
