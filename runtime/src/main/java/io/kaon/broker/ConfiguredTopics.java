// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.ErrorCode;
import io.kaon.controller.Controller;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopic;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopicConfig;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.Map;

/** Makes the topics that the configuration names, unless they are there. Blocks; not for event loops. */
final class ConfiguredTopics {
    private static final long WAIT_SECONDS = 60;
    private static final short DEFAULT_REPLICATION_FACTOR = -1;
    private static final int CREATE_TIMEOUT_MS = 30_000;

    private final Controller controller;

    ConfiguredTopics(Controller controller) {
        this.controller = controller;
    }

    /** @throws BrokerStartException that names the topic which cannot be made, and says why */
    void create(Map<String, TopicSpec> topics) {
        if (topics.isEmpty()) {
            return;
        }
        CreateTopicsRequest request = new CreateTopicsRequest().setTimeoutMs(CREATE_TIMEOUT_MS);
        topics.forEach((name, spec) -> request.topics().add(creatable(name, spec)));
        for (CreatableTopicResult result : Waiting.on(
                        "the topics of the configuration", controller.createTopics(request), WAIT_SECONDS)
                .topics()) {
            ErrorCode error = ErrorCode.of(result.errorCode());
            if (error != ErrorCode.NONE && error != ErrorCode.TOPIC_ALREADY_EXISTS) {
                throw new BrokerStartException(
                        "quarkus.kaon.broker.topics.\"" + result.name() + "\": " + result.errorMessage(), null);
            }
        }
    }

    private static CreatableTopic creatable(String name, TopicSpec spec) {
        CreatableTopic topic = new CreatableTopic()
                .setName(name)
                .setNumPartitions(spec.partitions())
                .setReplicationFactor(DEFAULT_REPLICATION_FACTOR);
        spec.config().forEach((key, value) -> topic.configs()
                .add(new CreatableTopicConfig().setName(key).setValue(value)));
        return topic;
    }
}
