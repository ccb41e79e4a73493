// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.InternalTopics;
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
import io.kaon.server.ServerOptions;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataRequest.MetadataRequestTopic;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Says which brokers and topics there are, and creates the topics that a client names and does not find (C1). Creation
 * takes milliseconds, so the answer waits for it and tells the real topic; where it is not over, LEADER_NOT_AVAILABLE
 * makes old and new clients ask again (C27).
 *
 * <pre>
 *  version   topics asked for
 *  0         no names: all
 *  1+        null: all; no names: none
 *  10–11     with an id: INVALID_REQUEST
 *  12+       by name or by id; a null name needs an id
 * </pre>
 */
public final class MetadataHandler implements ApiHandler<MetadataRequest> {
    private static final Logger LOG = Logger.getLogger(MetadataHandler.class);

    private static final int FIRST_VERSION_WITH_NONE = 1;
    private static final int FIRST_VERSION_BY_ID = 12;

    private final MetadataImages images;
    private final TopicCreator creator;
    private final Authoriser authoriser;
    private final ServerOptions options;

    public MetadataHandler(MetadataImages images, TopicCreator creator, Authoriser authoriser, ServerOptions options) {
        this.images = images;
        this.creator = creator;
        this.authoriser = authoriser;
        this.options = options;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, MetadataRequest request) {
        if (context.version() < FIRST_VERSION_BY_ID && namesById(request)) {
            return Reply.now(ErrorResponses.of(request, context.version(), ErrorCode.INVALID_REQUEST));
        }
        if (isAll(context, request)) {
            return Reply.now(answer(context, request).all());
        }
        Set<String> missing = creatable(context, request);
        if (missing.isEmpty()) {
            return Reply.now(answerNamed(context, request, Map.of()));
        }
        return creator.create(missing)
                .exceptionally(failure -> {
                    LOG.warnf(failure, "%s topics that clients named could not be created", missing.size());
                    return Map.of();
                })
                .thenApply(errors -> new Reply.Answer(answerNamed(context, request, errors)));
    }

    private static boolean isAll(RequestContext context, MetadataRequest request) {
        return request.topics() == null
                || context.version() < FIRST_VERSION_WITH_NONE
                        && request.topics().isEmpty();
    }

    private static boolean namesById(MetadataRequest request) {
        return request.topics() != null
                && request.topics().stream()
                        .anyMatch(topic ->
                                topic.name() == null || !topic.topicId().isZero());
    }

    private MetadataAnswer answer(RequestContext context, MetadataRequest request) {
        return new MetadataAnswer(images.current(), context, request, authoriser, options.nodeId());
    }

    /** The names that do not exist and that this client may have created. */
    private Set<String> creatable(RequestContext context, MetadataRequest request) {
        Set<String> names = new LinkedHashSet<>();
        if (options.autoCreateTopics() && request.allowAutoTopicCreation()) {
            ClusterImage image = images.current();
            for (MetadataRequestTopic topic : request.topics()) {
                String name = topic.name();
                if (name != null
                        && topic.topicId().isZero()
                        && image.topic(name).isEmpty()
                        && isCreatable(name)
                        && mayCreate(context, name)) {
                    names.add(name);
                }
            }
        }
        return names;
    }

    /** Other internal topics are made by the coordinators that need them. */
    private static boolean isCreatable(String name) {
        return TopicNames.problem(name).isEmpty()
                && (!InternalTopics.isInternal(name) || InternalTopics.CONSUMER_OFFSETS.equals(name));
    }

    private boolean mayCreate(RequestContext context, String name) {
        return authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(name))
                && (authoriser.authorise(context.principal(), Operation.CREATE, Resource.CLUSTER)
                        || authoriser.authorise(context.principal(), Operation.CREATE, Resource.topic(name)));
    }

    private MetadataResponse answerNamed(
            RequestContext context, MetadataRequest request, Map<String, ErrorCode> created) {
        MetadataAnswer answer = answer(context, request);
        boolean mayAutoCreate = options.autoCreateTopics() && request.allowAutoTopicCreation();
        List<MetadataResponseTopic> topics = new ArrayList<>(request.topics().size());
        Set<Object> seen = new LinkedHashSet<>();
        for (MetadataRequestTopic topic : request.topics()) {
            boolean byId = !topic.topicId().isZero();
            if (seen.add(byId ? topic.topicId() : String.valueOf(topic.name()))) {
                topics.add(
                        byId
                                ? byId(answer, context, topic.topicId())
                                : byName(answer, context, topic.name(), created, mayAutoCreate));
            }
        }
        return answer.of(topics);
    }

    private MetadataResponseTopic byId(MetadataAnswer answer, RequestContext context, Uuid id) {
        TopicImage topic = answer.image().topic(id).orElse(null);
        if (topic == null) {
            return MetadataAnswer.unknown(id, ErrorCode.UNKNOWN_TOPIC_ID);
        }
        return authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(topic.name()))
                ? answer.describe(topic)
                : MetadataAnswer.unknown(id, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
    }

    private MetadataResponseTopic byName(
            MetadataAnswer answer,
            RequestContext context,
            String name,
            Map<String, ErrorCode> created,
            boolean mayAutoCreate) {
        if (name == null) {
            return MetadataAnswer.failed("", ErrorCode.INVALID_TOPIC_EXCEPTION);
        }
        if (!authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(name))) {
            return MetadataAnswer.failed(name, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        return answer.image()
                .topic(name)
                .map(answer::describe)
                .orElseGet(() -> MetadataAnswer.failed(name, whyMissing(context, name, created, mayAutoCreate)));
    }

    private ErrorCode whyMissing(
            RequestContext context, String name, Map<String, ErrorCode> created, boolean mayAutoCreate) {
        if (TopicNames.problem(name).isPresent()) {
            return ErrorCode.INVALID_TOPIC_EXCEPTION;
        }
        if (!mayAutoCreate || !isCreatable(name)) {
            return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
        }
        if (!mayCreate(context, name)) {
            return ErrorCode.TOPIC_AUTHORIZATION_FAILED;
        }
        ErrorCode error = created.getOrDefault(name, ErrorCode.LEADER_NOT_AVAILABLE);
        return switch (error) {
            case INVALID_TOPIC_EXCEPTION, INVALID_REPLICATION_FACTOR, INVALID_PARTITIONS, POLICY_VIOLATION -> error;
            default -> ErrorCode.LEADER_NOT_AVAILABLE;
        };
    }
}
