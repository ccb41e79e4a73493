// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.server.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * Collects the leaders that a response names, and then their addresses (KIP-951). Made for one response; one thread.
 */
final class LeaderHints {
    private final ClusterImage image;
    private final BrokerEndpoints endpoints;
    private final Set<Integer> named = new TreeSet<>();

    /** @param nodeId this broker's id */
    LeaderHints(ClusterImage image, int nodeId, Listener listener) {
        this.image = image;
        this.endpoints = new BrokerEndpoints(image, nodeId, listener);
    }

    /** Who leads, and since which epoch. */
    record Leader(int id, int epoch) {}

    /** The leader of a partition, if the image knows one. */
    Optional<Leader> leaderOf(String topic, int partition) {
        Optional<Leader> leader = image.topic(topic)
                .flatMap((TopicImage found) -> found.partition(partition))
                .filter(PartitionImage::hasLeader)
                .map(found -> new Leader(found.leader(), found.leaderEpoch()));
        leader.ifPresent(found -> named.add(found.id()));
        return leader;
    }

    /** The addresses of all leaders that were named. */
    <T> List<T> nodes(Function<BrokerEndpoints.BrokerEndpoint, T> mapping) {
        List<T> nodes = new ArrayList<>();
        for (int id : named) {
            endpoints.find(id).map(mapping).ifPresent(nodes::add);
        }
        return nodes;
    }
}
