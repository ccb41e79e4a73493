// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.controller.Controller;
import io.kaon.metadata.MetadataImages;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopic;
import io.kaon.wire.message.CreateTopicsResponse;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes topics that nobody created: those a client names (C1), and the broker's own on first use. Any thread. */
public final class TopicCreator {
    private static final int TIMEOUT_MS = 30_000;
    private static final int DEFAULT_PARTITIONS = -1;
    private static final short DEFAULT_REPLICATION_FACTOR = -1;

    private final Controller controller;
    private final MetadataImages images;

    public TopicCreator(Controller controller, MetadataImages images) {
        this.controller = controller;
        this.images = images;
    }

    /**
     * Creates topics with the defaults of the broker, or of an internal topic. The result has NONE for each that exists
     * now, else why it does not.
     */
    CompletionStage<Map<String, ErrorCode>> create(Collection<String> names) {
        List<CreatableTopic> topics = new ArrayList<>(names.size());
        for (String name : names) {
            topics.add(topic(name));
        }
        CreateTopicsRequest request = new CreateTopicsRequest()
                .setTopics(topics)
                .setTimeoutMs(TIMEOUT_MS)
                .setValidateOnly(false);
        return controller.createTopics(request).thenApply(TopicCreator::errors);
    }

    /** Makes sure that a topic of the broker's own exists. NONE when it does. */
    public CompletionStage<ErrorCode> ensureInternal(String name) {
        if (images.current().topic(name).isPresent()) {
            return CompletableFuture.completedStage(ErrorCode.NONE);
        }
        return create(List.of(name)).thenApply(errors -> errors.get(name));
    }

    private static Map<String, ErrorCode> errors(CreateTopicsResponse response) {
        Map<String, ErrorCode> errors = new HashMap<>();
        for (CreateTopicsResponse.CreatableTopicResult result : response.topics()) {
            ErrorCode error = ErrorCode.of(result.errorCode());
            errors.put(result.name(), error == ErrorCode.TOPIC_ALREADY_EXISTS ? ErrorCode.NONE : error);
        }
        return errors;
    }

    private static CreatableTopic topic(String name) {
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(DEFAULT_PARTITIONS)
                .setReplicationFactor(DEFAULT_REPLICATION_FACTOR);
    }
}
