// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.metadata.TopicNames;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.DescribeTopicPartitionsRequest;
import io.kaon.wire.message.DescribeTopicPartitionsRequest.TopicRequest;
import io.kaon.wire.message.DescribeTopicPartitionsResponse.DescribeTopicPartitionsResponseTopic;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/**
 * Describes topics in name order, so many partitions at a time; the cursor of one answer begins the next (KIP-966). No
 * names means all topics.
 */
public final class DescribeTopicPartitionsHandler implements ApiHandler<DescribeTopicPartitionsRequest> {
    private final MetadataImages images;
    private final Authoriser authoriser;
    private final int maxPartitions;

    /** @param maxPartitions of one answer, whatever the client asks for */
    public DescribeTopicPartitionsHandler(MetadataImages images, Authoriser authoriser, int maxPartitions) {
        this.images = images;
        this.authoriser = authoriser;
        this.maxPartitions = maxPartitions;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeTopicPartitionsRequest request) {
        boolean hasCursor = request.cursor() != null;
        if (hasCursor && request.cursor().partitionIndex() < 0) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.INVALID_REQUEST));
        }
        String from = hasCursor ? request.cursor().topicName() : "";
        int fromPartition = hasCursor ? request.cursor().partitionIndex() : 0;
        int limit = Math.max(1, Math.min(maxPartitions, request.responsePartitionLimit()));
        TopicPage page = new TopicPage(images.current(), limit, from, fromPartition);
        if (request.topics().isEmpty()) {
            addAll(context, page, from);
        } else {
            addNamed(context, page, request, from);
        }
        return Reply.now(page.response());
    }

    private void addAll(RequestContext context, TopicPage page, String from) {
        for (TopicImage topic : page.image().topicsFrom(from)) {
            if (mayDescribe(context, topic.name()) && !page.add(topic, operations(context, topic.name()))) {
                return;
            }
        }
    }

    private void addNamed(RequestContext context, TopicPage page, DescribeTopicPartitionsRequest request, String from) {
        Set<String> names = new TreeSet<>();
        for (TopicRequest topic : request.topics()) {
            if (topic.name().compareTo(from) >= 0) {
                names.add(topic.name());
            }
        }
        for (String name : names) {
            if (!addNamed(context, page, name)) {
                return;
            }
        }
    }

    private boolean addNamed(RequestContext context, TopicPage page, String name) {
        if (!mayDescribe(context, name)) {
            return page.add(failed(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED));
        }
        ClusterImage image = page.image();
        return image.topic(name)
                .map(topic -> page.add(topic, operations(context, name)))
                .orElseGet(() -> page.add(failed(name, whyMissing(name))));
    }

    private static ErrorCode whyMissing(String name) {
        return TopicNames.problem(name).isPresent()
                ? ErrorCode.INVALID_TOPIC_EXCEPTION
                : ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private boolean mayDescribe(RequestContext context, String topic) {
        return authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(topic));
    }

    private int operations(RequestContext context, String topic) {
        return authoriser.authorisedOperations(context.principal(), Resource.topic(topic));
    }

    private static DescribeTopicPartitionsResponseTopic failed(String name, ErrorCode error) {
        return new DescribeTopicPartitionsResponseTopic().setName(name).setErrorCode(error.code());
    }
}
