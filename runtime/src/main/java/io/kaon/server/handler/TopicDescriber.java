// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.wire.message.MetadataResponse.MetadataResponsePartition;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.List;

/** Describes topics of one image for Metadata, as one listener's clients see them. Made for one request. */
final class TopicDescriber {
    /** Before this version there is no word for a leader that the client's listener cannot reach. */
    private static final int FIRST_VERSION_WITH_LISTENER_NOT_FOUND = 6;

    private final ClusterImage image;
    private final BrokerEndpoints endpoints;
    private final short version;

    TopicDescriber(ClusterImage image, BrokerEndpoints endpoints, short version) {
        this.image = image;
        this.endpoints = endpoints;
        this.version = version;
    }

    MetadataResponseTopic describe(TopicImage topic) {
        List<MetadataResponsePartition> partitions =
                new ArrayList<>(topic.partitions().size());
        for (PartitionImage partition : topic.partitions()) {
            partitions.add(describe(partition));
        }
        return new MetadataResponseTopic()
                .setName(topic.name())
                .setTopicId(topic.id())
                .setIsInternal(topic.isInternal())
                .setPartitions(partitions);
    }

    private MetadataResponsePartition describe(PartitionImage partition) {
        return new MetadataResponsePartition()
                .setErrorCode(error(partition).code())
                .setPartitionIndex(partition.index())
                .setLeaderId(
                        endpoints.find(partition.leader()).isPresent() ? partition.leader() : PartitionImage.NO_LEADER)
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(known(partition.replicas()))
                .setIsrNodes(known(partition.isr()))
                .setOfflineReplicas(offline(image, partition));
    }

    private ErrorCode error(PartitionImage partition) {
        if (!partition.hasLeader()) {
            return ErrorCode.LEADER_NOT_AVAILABLE;
        }
        if (endpoints.find(partition.leader()).isPresent()) {
            return ErrorCode.NONE;
        }
        return version < FIRST_VERSION_WITH_LISTENER_NOT_FOUND
                ? ErrorCode.LEADER_NOT_AVAILABLE
                : ErrorCode.LISTENER_NOT_FOUND;
    }

    /** The oldest clients look each id up among the brokers of the same response, so they get no other ids. */
    private List<Integer> known(List<Integer> brokers) {
        if (version > 0) {
            return new ArrayList<>(brokers);
        }
        return new ArrayList<>(
                brokers.stream().filter(id -> endpoints.find(id).isPresent()).toList());
    }

    /** Replicas on brokers that are not there, or fenced. */
    static List<Integer> offline(ClusterImage image, PartitionImage partition) {
        List<Integer> offline = new ArrayList<>(0);
        for (int replica : partition.replicas()) {
            if (image.broker(replica).map(broker -> broker.fenced()).orElse(true)) {
                offline.add(replica);
            }
        }
        return offline;
    }
}
