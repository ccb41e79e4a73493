// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static io.kaon.common.Checks.require;

import io.kaon.metadata.config.BrokerSettings;

/**
 * The broker settings that request handlers look at while they work, read once.
 *
 * @param nodeId this broker's id
 * @param autoCreateTopics {@code auto.create.topics.enable}
 * @param fetchMaxBytes {@code fetch.max.bytes}: most that one Fetch returns, but for a first batch that is larger
 * @param maxRequestPartitions {@code max.request.partition.size.limit}: partitions of one DescribeTopicPartitions
 *     answer
 */
public record ServerOptions(int nodeId, boolean autoCreateTopics, int fetchMaxBytes, int maxRequestPartitions) {
    public ServerOptions {
        require(nodeId >= 0, "node.id must be at least 0, was %s", nodeId);
    }

    /** What these settings say for the broker of that id. */
    public static ServerOptions of(int nodeId, BrokerSettings settings) {
        return new ServerOptions(
                nodeId, settings.isAutoCreateTopics(), settings.fetchMaxBytes(), settings.maxRequestPartitions());
    }
}
