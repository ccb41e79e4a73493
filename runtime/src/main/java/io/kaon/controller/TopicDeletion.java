// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.TopicImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.wire.StateMessage;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsRequest.DeleteTopicState;
import io.kaon.wire.message.DeleteTopicsResponse;
import io.kaon.wire.message.DeleteTopicsResponse.DeletableTopicResult;
import io.kaon.wire.state.RemoveTopicRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides about one DeleteTopics request, by names (versions 0 to 5) or by names and ids (from version 6). Used once.
 */
final class TopicDeletion {
    private static final short FIRST_VERSION_WITH_STATES = 6;
    private static final short FIRST_VERSION_WITH_DISABLED = 3;

    private final ClusterImage image;
    private final BrokerSettings settings;
    private final Map<Uuid, Integer> mentions = new HashMap<>();
    private final Set<Uuid> removed = new HashSet<>();
    private final List<StateMessage> records = new ArrayList<>();

    TopicDeletion(ClusterImage image, BrokerSettings settings) {
        this.image = image;
        this.settings = settings;
    }

    Decision<DeleteTopicsResponse> decide(DeleteTopicsRequest request, short version) {
        List<DeleteTopicState> asked = new ArrayList<>();
        if (version >= FIRST_VERSION_WITH_STATES) {
            asked.addAll(request.topics());
        } else {
            request.topicNames().forEach(name -> asked.add(new DeleteTopicState().setName(name)));
        }
        asked.forEach(topic -> find(topic).ifPresent(found -> mentions.merge(found.id(), 1, Integer::sum)));
        List<DeletableTopicResult> results = new ArrayList<>();
        for (DeleteTopicState topic : asked) {
            results.add(decide(topic, version));
        }
        return new Decision<>(records, new DeleteTopicsResponse().setResponses(results));
    }

    private DeletableTopicResult decide(DeleteTopicState asked, short version) {
        Optional<TopicImage> topic = find(asked);
        DeletableTopicResult result = new DeletableTopicResult()
                .setName(topic.map(TopicImage::name).orElse(asked.name()))
                .setTopicId(topic.map(TopicImage::id).orElse(asked.topicId()));
        Optional<Rejected> problem = problem(asked, topic, version);
        if (problem.isPresent()) {
            return result.setErrorCode(problem.get().code().code())
                    .setErrorMessage(problem.get().message());
        }
        topic.map(TopicImage::id)
                .filter(removed::add)
                .ifPresent(id -> records.add(new RemoveTopicRecord().setTopicId(id)));
        return result;
    }

    private Optional<Rejected> problem(DeleteTopicState asked, Optional<TopicImage> topic, short version) {
        if (!settings.isDeleteTopic()) {
            ErrorCode code = version < FIRST_VERSION_WITH_DISABLED
                    ? ErrorCode.INVALID_REQUEST
                    : ErrorCode.TOPIC_DELETION_DISABLED;
            return rejected(code, "The setting delete.topic.enable forbids it.");
        }
        if (asked.name() != null && !asked.topicId().isZero()) {
            return rejected(ErrorCode.INVALID_REQUEST, "A topic is named either by its name or by its id.");
        }
        if (asked.name() == null && asked.topicId().isZero()) {
            return rejected(ErrorCode.INVALID_REQUEST, "Neither a name nor an id was given.");
        }
        if (topic.isEmpty()) {
            return asked.name() == null
                    ? rejected(ErrorCode.UNKNOWN_TOPIC_ID, "There is no topic with this id.")
                    : rejected(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, "There is no topic of this name.");
        }
        return mentions.get(topic.get().id()) > 1
                ? rejected(ErrorCode.INVALID_REQUEST, "The request names this topic more than once.")
                : Optional.empty();
    }

    private Optional<TopicImage> find(DeleteTopicState asked) {
        return asked.name() != null ? image.topic(asked.name()) : image.topic(asked.topicId());
    }

    private static Optional<Rejected> rejected(ErrorCode code, String message) {
        return Optional.of(new Rejected(code, message));
    }
}
