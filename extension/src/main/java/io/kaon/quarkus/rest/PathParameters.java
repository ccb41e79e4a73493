// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.List;
import java.util.Map;

/** The parameters that stand in paths, described once for all operations. */
final class PathParameters {
    private static final int MAX_NAME = 1024;
    private static final Map<String, Parameter> ALL = Map.ofEntries(
            text("cluster_id", "Id of the cluster: `GET /v3/clusters` tells it."),
            text("topic_name", "Name of a topic."),
            number("partition_id", 0, Integer.MAX_VALUE, "Number of a partition, from 0."),
            number("broker_id", 0, Integer.MAX_VALUE, "Id of a broker."),
            text("consumer_group_id", "Id of a consumer group, percent-encoded."),
            text("consumer_id", "Id of a member of the group."),
            text("name", "Name of a setting."),
            text("channel_name", "Name of a channel of the application."),
            text("transactional_id", "Transactional id of a producer, percent-encoded."),
            Map.entry(
                    "offset", Parameter.path("offset", Schema.int64().min(0), "Offset of a record in its partition.")));

    private PathParameters() {}

    static Parameter of(String name) {
        Parameter parameter = ALL.get(name);
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "no path parameter is called " + name + ": there are " + List.copyOf(ALL.keySet()));
        }
        return parameter;
    }

    private static Map.Entry<String, Parameter> text(String name, String description) {
        return Map.entry(name, Parameter.path(name, Schema.text().min(1).max(MAX_NAME), description));
    }

    private static Map.Entry<String, Parameter> number(String name, long min, long max, String description) {
        return Map.entry(name, Parameter.path(name, Schema.integer().min(min).max(max), description));
    }
}
