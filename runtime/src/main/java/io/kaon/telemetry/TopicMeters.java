// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The meters of all topics, and of what concerns none. A sample with an empty {@code topic} is the sum of all, also of
 * topics that are gone, so that it never falls. Any thread.
 */
public final class TopicMeters implements MetricSource {
    private static final String TOPIC = "topic";
    private static final Map<String, String> ALL = Map.of(TOPIC, "");

    private final Map<String, TopicMeter> topics = new ConcurrentHashMap<>();
    private final Map<String, Map<String, String>> tags = new ConcurrentHashMap<>();
    /** Of topics that are gone, and of names that never were one. */
    private final TopicMeter others = new TopicMeter();

    /** The meter of a topic that exists; to be kept by whoever serves it. */
    public TopicMeter of(String topic) {
        return topics.computeIfAbsent(topic, name -> new TopicMeter());
    }

    /** The meter of a topic of which it is not known that it exists: names that clients make up are counted together. */
    public TopicMeter ofKnown(String topic) {
        return topics.getOrDefault(topic, others);
    }

    /** The topic is gone. */
    public void remove(String topic) {
        tags.remove(topic);
        TopicMeter gone = topics.remove(topic);
        if (gone != null) {
            others.add(gone);
        }
    }

    @Override
    public void collect(Look look, Sink sink) {
        List<TopicMeter.Line> rest = others.lines();
        double[] sums = new double[rest.size()];
        for (int index = 0; index < sums.length; index++) {
            sums[index] = rest.get(index).counter().value();
        }
        topics.forEach((name, meter) -> {
            Map<String, String> tag = tags.computeIfAbsent(name, topic -> Map.of(TOPIC, topic));
            List<TopicMeter.Line> lines = meter.lines();
            for (int index = 0; index < sums.length; index++) {
                double value = lines.get(index).counter().value();
                sums[index] += value;
                sink.accept(lines.get(index).name(), tag, value);
            }
        });
        for (int index = 0; index < sums.length; index++) {
            sink.accept(rest.get(index).name(), ALL, sums[index]);
        }
    }
}
