// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.TopicImage;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponsePartitions;
import io.kaon.wire.message.OffsetFetchResponse.OffsetFetchResponseTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The topics of an OffsetFetch, between the client (ids from version 10, its own permissions) and the coordinator
 * (names). Made for one request.
 */
final class OffsetFetchTopics {
    private static final int FIRST_VERSION_WITH_IDS = 10;
    private static final long NO_OFFSET = -1;

    private final RequestContext context;
    private final ClusterImage image;
    private final Authoriser authoriser;

    OffsetFetchTopics(RequestContext context, ClusterImage image, Authoriser authoriser) {
        this.context = context;
        this.image = image;
        this.authoriser = authoriser;
    }

    /** Topics that the coordinator is asked for, and the answers of the others. */
    record Split(List<OffsetFetchRequestTopics> allowed, List<OffsetFetchResponseTopics> refused) {}

    Split split(List<OffsetFetchRequestTopics> asked) {
        Split split = new Split(new ArrayList<>(asked.size()), new ArrayList<>(0));
        for (OffsetFetchRequestTopics topic : asked) {
            ErrorCode refusal = resolve(topic);
            if (refusal == ErrorCode.NONE) {
                split.allowed.add(topic);
            } else {
                split.refused.add(failed(topic, refusal));
            }
        }
        return split;
    }

    boolean mayDescribe(String topic) {
        return authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(topic));
    }

    /** What the client may see of all that a group has; from version 10 topics without an id are left out. */
    List<OffsetFetchResponseTopics> visible(List<OffsetFetchResponseTopics> all) {
        List<OffsetFetchResponseTopics> visible = new ArrayList<>(all.size());
        for (OffsetFetchResponseTopics topic : all) {
            Optional<TopicImage> known = image.topic(topic.name());
            boolean isNameable = context.version() < FIRST_VERSION_WITH_IDS || known.isPresent();
            if (isNameable && mayDescribe(topic.name())) {
                known.ifPresent(found -> topic.setTopicId(found.id()));
                visible.add(topic);
            }
        }
        return visible;
    }

    private ErrorCode resolve(OffsetFetchRequestTopics topic) {
        if (context.version() >= FIRST_VERSION_WITH_IDS) {
            String name = image.topic(topic.topicId()).map(TopicImage::name).orElse("");
            if (name.isEmpty()) {
                return ErrorCode.UNKNOWN_TOPIC_ID;
            }
            topic.setName(name);
        }
        return mayDescribe(topic.name()) ? ErrorCode.NONE : ErrorCode.TOPIC_AUTHORIZATION_FAILED;
    }

    private static OffsetFetchResponseTopics failed(OffsetFetchRequestTopics topic, ErrorCode error) {
        List<OffsetFetchResponsePartitions> partitions = new ArrayList<>();
        for (int index : topic.partitionIndexes()) {
            partitions.add(new OffsetFetchResponsePartitions()
                    .setPartitionIndex(index)
                    .setCommittedOffset(NO_OFFSET)
                    .setMetadata("")
                    .setErrorCode(error.code()));
        }
        return new OffsetFetchResponseTopics()
                .setName(topic.name())
                .setTopicId(topic.topicId())
                .setPartitions(partitions);
    }
}
