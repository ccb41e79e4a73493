// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.wire.message.DescribeTopicPartitionsResponse;
import io.kaon.wire.message.DescribeTopicPartitionsResponse.Cursor;
import io.kaon.wire.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponsePartition;
import io.kaon.wire.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import java.util.ArrayList;
import java.util.List;

/** One answer of DescribeTopicPartitions in the making: topics in name order until it is full. */
final class TopicPage {
    private final ClusterImage image;
    private final String firstTopic;
    private final int firstPartition;
    private final DescribeTopicPartitionsResponse response = new DescribeTopicPartitionsResponse();
    private int partitionsLeft;

    /**
     * @param limit partitions at most
     * @param firstTopic where the cursor stands; empty for the beginning
     * @param firstPartition of that topic, the first one to describe
     */
    TopicPage(ClusterImage image, int limit, String firstTopic, int firstPartition) {
        this.image = image;
        this.partitionsLeft = limit;
        this.firstTopic = firstTopic;
        this.firstPartition = firstPartition;
    }

    ClusterImage image() {
        return image;
    }

    DescribeTopicPartitionsResponse response() {
        return response;
    }

    /** Adds a topic that cannot be described and answers whether there is room for more. */
    boolean add(DescribeTopicPartitionsResponseTopic failed) {
        response.topics().add(failed);
        return true;
    }

    /** Adds as much of a topic as fits and answers whether there is room for more; else sets the cursor. */
    boolean add(TopicImage topic, int authorisedOperations) {
        int next = topic.name().equals(firstTopic) ? firstPartition : 0;
        if (partitionsLeft == 0) {
            return stopAt(topic, next);
        }
        List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
        int count = topic.partitions().size();
        while (next < count && partitionsLeft > 0) {
            partitions.add(describe(topic.partitions().get(next)));
            next++;
            partitionsLeft--;
        }
        response.topics()
                .add(new DescribeTopicPartitionsResponseTopic()
                        .setName(topic.name())
                        .setTopicId(topic.id())
                        .setIsInternal(topic.isInternal())
                        .setPartitions(partitions)
                        .setTopicAuthorizedOperations(authorisedOperations));
        return next >= count || stopAt(topic, next);
    }

    private boolean stopAt(TopicImage topic, int partition) {
        response.setNextCursor(new Cursor().setTopicName(topic.name()).setPartitionIndex(partition));
        return false;
    }

    private DescribeTopicPartitionsResponsePartition describe(PartitionImage partition) {
        ErrorCode error = partition.hasLeader() ? ErrorCode.NONE : ErrorCode.LEADER_NOT_AVAILABLE;
        return new DescribeTopicPartitionsResponsePartition()
                .setErrorCode(error.code())
                .setPartitionIndex(partition.index())
                .setLeaderId(partition.leader())
                .setLeaderEpoch(partition.leaderEpoch())
                .setReplicaNodes(new ArrayList<>(partition.replicas()))
                .setIsrNodes(new ArrayList<>(partition.isr()))
                .setEligibleLeaderReplicas(new ArrayList<>(partition.spare().eligibleLeaders()))
                .setLastKnownElr(new ArrayList<>(partition.spare().lastKnownEligible()))
                .setOfflineReplicas(TopicDescriber.offline(image, partition));
    }
}
