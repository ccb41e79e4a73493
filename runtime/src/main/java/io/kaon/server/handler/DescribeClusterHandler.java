// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.server.handler.BrokerEndpoints.BrokerEndpoint;
import io.kaon.wire.message.DescribeClusterRequest;
import io.kaon.wire.message.DescribeClusterResponse;
import io.kaon.wire.message.DescribeClusterResponse.DescribeClusterBroker;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Says which brokers there are and who controls them. Clients cannot talk to controllers apart from brokers. */
public final class DescribeClusterHandler implements ApiHandler<DescribeClusterRequest> {
    private static final byte BROKERS = 1;
    private static final byte CONTROLLERS = 2;
    private static final int NO_CONTROLLER = -1;
    private static final int FIRST_VERSION_WITH_FENCED = 2;

    private final MetadataImages images;
    private final Authoriser authoriser;
    private final int nodeId;

    /** @param nodeId this broker's id */
    public DescribeClusterHandler(MetadataImages images, Authoriser authoriser, int nodeId) {
        this.images = images;
        this.authoriser = authoriser;
        this.nodeId = nodeId;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, DescribeClusterRequest request) {
        if (request.endpointType() != BROKERS) {
            boolean isController = request.endpointType() == CONTROLLERS;
            return Reply.now(new DescribeClusterResponse()
                    .setErrorCode(
                            (isController ? ErrorCode.MISMATCHED_ENDPOINT_TYPE : ErrorCode.UNSUPPORTED_ENDPOINT_TYPE)
                                    .code())
                    .setErrorMessage("This is the address of a broker."));
        }
        ClusterImage image = images.current();
        DescribeClusterResponse response = new DescribeClusterResponse()
                .setClusterId(image.clusterId())
                .setControllerId(image.controllerId().orElse(NO_CONTROLLER))
                .setBrokers(brokers(context, request, image));
        if (request.includeClusterAuthorizedOperations()) {
            boolean maySee = authoriser.authorise(context.principal(), Operation.DESCRIBE, Resource.CLUSTER);
            response.setClusterAuthorizedOperations(
                    maySee ? authoriser.authorisedOperations(context.principal(), Resource.CLUSTER) : 0);
        }
        return Reply.now(response);
    }

    private List<DescribeClusterBroker> brokers(
            RequestContext context, DescribeClusterRequest request, ClusterImage image) {
        boolean withFenced = context.version() >= FIRST_VERSION_WITH_FENCED && request.includeFencedBrokers();
        List<DescribeClusterBroker> brokers = new ArrayList<>();
        for (BrokerEndpoint endpoint : new BrokerEndpoints(image, nodeId, context.listener()).all()) {
            if (withFenced || !endpoint.fenced()) {
                brokers.add(new DescribeClusterBroker()
                        .setBrokerId(endpoint.id())
                        .setHost(endpoint.host())
                        .setPort(endpoint.port())
                        .setRack(endpoint.rack())
                        .setIsFenced(endpoint.fenced()));
            }
        }
        return brokers;
    }
}
