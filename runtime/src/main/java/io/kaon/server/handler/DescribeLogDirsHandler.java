// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.exec.DiskThreads;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.DescribeLogDirsRequest;
import io.kaon.wire.message.DescribeLogDirsRequest.DescribableLogDirTopic;
import io.kaon.wire.message.DescribeLogDirsResponse;
import io.kaon.wire.message.DescribeLogDirsResponse.DescribeLogDirsPartition;
import io.kaon.wire.message.DescribeLogDirsResponse.DescribeLogDirsResult;
import io.kaon.wire.message.DescribeLogDirsResponse.DescribeLogDirsTopic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.IntPredicate;

/** Says how much each partition of this broker takes on disk. There is one data directory. */
public final class DescribeLogDirsHandler implements ApiHandler<DescribeLogDirsRequest> {
    private static final int FIRST_VERSION_WITH_TOP_LEVEL_ERROR = 3;

    private final MetadataImages images;
    private final LogDirectories directories;
    private final DiskThreads disk;
    private final Authoriser authoriser;
    private final int nodeId;

    /** @param nodeId this broker's id */
    public DescribeLogDirsHandler(
            MetadataImages images, LogDirectories directories, DiskThreads disk, Authoriser authoriser, int nodeId) {
        this.images = images;
        this.directories = directories;
        this.disk = disk;
        this.authoriser = authoriser;
        this.nodeId = nodeId;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeLogDirsRequest request) {
        if (!authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.CLUSTER)) {
            boolean hasRoom = context.version() >= FIRST_VERSION_WITH_TOP_LEVEL_ERROR;
            return Reply.now(new DescribeLogDirsResponse()
                    .setErrorCode((hasRoom ? ErrorCode.CLUSTER_AUTHORIZATION_FAILED : ErrorCode.NONE).code()));
        }
        ClusterImage image = images.current();
        return Reply.later(disk.submit(() -> describe(image, request)));
    }

    private DescribeLogDirsResponse describe(ClusterImage image, DescribeLogDirsRequest request) {
        List<DescribeLogDirsTopic> topics = new ArrayList<>();
        if (request.topics() == null) {
            for (TopicImage topic : image.topics()) {
                maybeAdd(topics, topic, index -> true);
            }
        } else {
            for (DescribableLogDirTopic asked : request.topics()) {
                image.topic(asked.topic()).ifPresent(topic -> maybeAdd(topics, topic, asked.partitions()::contains));
            }
        }
        List<DescribeLogDirsResult> results = new ArrayList<>();
        results.add(new DescribeLogDirsResult()
                .setLogDir(directories.path())
                .setTopics(topics)
                .setTotalBytes(directories.totalBytes())
                .setUsableBytes(directories.usableBytes()));
        return new DescribeLogDirsResponse().setResults(results);
    }

    private void maybeAdd(List<DescribeLogDirsTopic> topics, TopicImage topic, IntPredicate isWanted) {
        List<DescribeLogDirsPartition> partitions = new ArrayList<>();
        for (PartitionImage partition : topic.partitions()) {
            if (isWanted.test(partition.index()) && partition.replicas().contains(nodeId)) {
                partitions.add(new DescribeLogDirsPartition()
                        .setPartitionIndex(partition.index())
                        .setPartitionSize(
                                directories.sizeInBytes(new TopicPartition(topic.name(), partition.index()))));
            }
        }
        if (!partitions.isEmpty()) {
            topics.add(new DescribeLogDirsTopic().setName(topic.name()).setPartitions(partitions));
        }
    }
}
