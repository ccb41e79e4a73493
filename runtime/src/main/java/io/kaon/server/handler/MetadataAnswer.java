// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.TopicImage;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.MetadataResponse.MetadataResponseBroker;
import io.kaon.wire.message.MetadataResponse.MetadataResponseTopic;
import java.util.ArrayList;
import java.util.List;

/** One Metadata response in the making: all of it comes from the same image. */
final class MetadataAnswer {
    private static final int NO_CONTROLLER = -1;

    private final ClusterImage image;
    private final RequestContext context;
    private final MetadataRequest request;
    private final Authoriser authoriser;
    private final BrokerEndpoints endpoints;
    private final TopicDescriber describer;

    /** @param nodeId this broker's id */
    MetadataAnswer(
            ClusterImage image, RequestContext context, MetadataRequest request, Authoriser authoriser, int nodeId) {
        this.image = image;
        this.context = context;
        this.request = request;
        this.authoriser = authoriser;
        this.endpoints = new BrokerEndpoints(image, nodeId, context.listener());
        this.describer = new TopicDescriber(image, endpoints, context.version());
    }

    ClusterImage image() {
        return image;
    }

    /** Every topic that the client may see. */
    MetadataResponse all() {
        List<MetadataResponseTopic> topics = new ArrayList<>(image.topicCount());
        for (TopicImage topic : image.topics()) {
            if (authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.topic(topic.name()))) {
                topics.add(describe(topic));
            }
        }
        return of(topics);
    }

    /** A topic, with what the client may do to it if it asked. */
    MetadataResponseTopic describe(TopicImage topic) {
        MetadataResponseTopic described = describer.describe(topic);
        if (request.includeTopicAuthorizedOperations()) {
            described.setTopicAuthorizedOperations(
                    authoriser.authorisedOperations(context.principal(), Resource.topic(topic.name())));
        }
        return described;
    }

    static MetadataResponseTopic failed(String name, ErrorCode error) {
        return new MetadataResponseTopic().setName(name).setErrorCode(error.code());
    }

    /** An id whose name the client does not learn. */
    static MetadataResponseTopic unknown(Uuid id, ErrorCode error) {
        return new MetadataResponseTopic().setName(null).setTopicId(id).setErrorCode(error.code());
    }

    MetadataResponse of(List<MetadataResponseTopic> topics) {
        MetadataResponse response = new MetadataResponse()
                .setBrokers(brokers())
                .setClusterId(image.clusterId())
                .setControllerId(image.controllerId().orElse(NO_CONTROLLER))
                .setTopics(topics);
        if (request.includeClusterAuthorizedOperations()) {
            boolean maySee = authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.CLUSTER);
            response.setClusterAuthorizedOperations(
                    maySee ? authoriser.authorisedOperations(context.principal(), Resource.CLUSTER) : 0);
        }
        return response;
    }

    private List<MetadataResponseBroker> brokers() {
        List<MetadataResponseBroker> brokers = new ArrayList<>();
        for (BrokerEndpoints.BrokerEndpoint endpoint : endpoints.all()) {
            if (!endpoint.fenced()) {
                brokers.add(new MetadataResponseBroker()
                        .setNodeId(endpoint.id())
                        .setHost(endpoint.host())
                        .setPort(endpoint.port())
                        .setRack(endpoint.rack()));
            }
        }
        return brokers;
    }
}
