// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.wire.message.ListConfigResourcesRequest;
import io.kaon.wire.message.ListConfigResourcesResponse;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Names what can have settings. Version 0 knows only the subscriptions to client metrics (it had another name then).
 */
public final class ListConfigResourcesHandler implements ApiHandler<ListConfigResourcesRequest> {
    private final MetadataImages images;
    private final Authoriser authoriser;

    public ListConfigResourcesHandler(MetadataImages images, Authoriser authoriser) {
        this.images = images;
        this.authoriser = authoriser;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ListConfigResourcesRequest request) {
        if (!authoriser.authorise(context.principal(), Operation.DESCRIBE_CONFIGS, Resource.CLUSTER)) {
            return Reply.now(failed(ErrorCode.CLUSTER_AUTHORIZATION_FAILED));
        }
        Set<ConfigResource.Type> types = EnumSet.noneOf(ConfigResource.Type.class);
        if (context.version() == 0) {
            types.add(ConfigResource.Type.CLIENT_METRICS);
        } else if (request.resourceTypes().isEmpty()) {
            types.addAll(EnumSet.allOf(ConfigResource.Type.class));
        } else {
            for (byte id : request.resourceTypes()) {
                Optional<ConfigResource.Type> type = ConfigResource.Type.of(id);
                if (type.isEmpty()) {
                    return Reply.now(failed(ErrorCode.UNSUPPORTED_VERSION));
                }
                types.add(type.get());
            }
        }
        return Reply.now(new ListConfigResourcesResponse().setConfigResources(resources(types)));
    }

    private List<ListConfigResourcesResponse.ConfigResource> resources(Set<ConfigResource.Type> types) {
        ClusterImage image = images.current();
        List<ListConfigResourcesResponse.ConfigResource> found = new ArrayList<>();
        for (ConfigResource.Type type : types) {
            switch (type) {
                case TOPIC -> {
                    for (TopicImage topic : image.topics()) {
                        found.add(resource(type, topic.name()));
                    }
                }
                case BROKER, BROKER_LOGGER -> {
                    for (BrokerImage broker : image.brokers().values()) {
                        found.add(resource(type, Integer.toString(broker.id())));
                    }
                }
                default -> {
                    for (ConfigResource configured : image.configuredResources()) {
                        if (configured.type() == type) {
                            found.add(resource(type, configured.name()));
                        }
                    }
                }
            }
        }
        return found;
    }

    private static ListConfigResourcesResponse.ConfigResource resource(ConfigResource.Type type, String name) {
        return new ListConfigResourcesResponse.ConfigResource()
                .setResourceType(type.id())
                .setResourceName(name);
    }

    private static ListConfigResourcesResponse failed(ErrorCode error) {
        return new ListConfigResourcesResponse().setErrorCode(error.code());
    }
}
