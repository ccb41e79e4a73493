// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.coordinator.group.GroupCoordinator;
import io.kaon.coordinator.transaction.TransactionCoordinator;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.InternalTopics;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.PartitionImage;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.server.ServerOptions;
import io.kaon.server.handler.BrokerEndpoints.BrokerEndpoint;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.FindCoordinatorResponse;
import io.kaon.wire.message.FindCoordinatorResponse.Coordinator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Says which broker coordinates a group or a transactional id, making the internal topic on first use. Coordinators of
 * share groups do not exist yet: UNSUPPORTED_VERSION, which clients take as final, where COORDINATOR_NOT_AVAILABLE would
 * have them ask for a minute.
 *
 * <pre>
 *  version   keys
 *  0         one, of a group
 *  1–3       one, with a type: 0 group, 1 transaction
 *  4+        several of one type; 6 adds type 2, share
 * </pre>
 */
public final class FindCoordinatorHandler implements ApiHandler<FindCoordinatorRequest> {
    private static final int FIRST_VERSION_WITH_BATCHES = 4;
    private static final byte GROUP = 0;
    private static final byte TRANSACTION = 1;
    private static final byte SHARE = 2;
    private static final int FIRST_VERSION_WITH_SHARE = 6;
    private static final int NO_NODE = -1;

    private final MetadataImages images;
    private final GroupCoordinator groups;
    private final TransactionCoordinator transactions;
    private final Authoriser authoriser;
    private final ServerOptions options;

    public FindCoordinatorHandler(
            MetadataImages images,
            GroupCoordinator groups,
            TransactionCoordinator transactions,
            Authoriser authoriser,
            ServerOptions options) {
        this.images = images;
        this.groups = groups;
        this.transactions = transactions;
        this.authoriser = authoriser;
        this.options = options;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, FindCoordinatorRequest request) {
        boolean isBatch = context.version() >= FIRST_VERSION_WITH_BATCHES;
        List<String> keys = isBatch ? request.coordinatorKeys() : List.of(request.key());
        // Who may name none of them has no topic made for it.
        boolean isForNobody = keys.stream().noneMatch(key -> mayDescribe(context, request.keyType(), key));
        return (isForNobody ? CompletableFuture.completedStage(ErrorCode.NONE) : ready(context, request.keyType()))
                .thenApply(error -> answers(context, request.keyType(), keys, error))
                .thenApply(found -> new Reply.Answer(isBatch ? batch(found) : single(found.get(0))));
    }

    /** NONE when coordinators of this type can be named: their topic exists then. */
    private CompletionStage<ErrorCode> ready(RequestContext context, byte type) {
        if (type == GROUP) {
            return groups.ensureTopic();
        }
        if (type == TRANSACTION) {
            return transactions.ensureTopic();
        }
        boolean isKnown = type == SHARE && context.version() >= FIRST_VERSION_WITH_SHARE;
        return CompletableFuture.completedStage(isKnown ? ErrorCode.UNSUPPORTED_VERSION : ErrorCode.INVALID_REQUEST);
    }

    private List<Coordinator> answers(RequestContext context, byte type, List<String> keys, ErrorCode error) {
        ClusterImage image = images.current();
        BrokerEndpoints endpoints = new BrokerEndpoints(image, options.nodeId(), context.listener());
        List<Coordinator> found = new ArrayList<>(keys.size());
        for (String key : keys) {
            if (!mayDescribe(context, type, key)) {
                found.add(none(key, authorisationError(type), null));
            } else if (error != ErrorCode.NONE) {
                found.add(none(key, error, message(type)));
            } else {
                found.add(coordinator(image, endpoints, key, placeOf(type, key)));
            }
        }
        return found;
    }

    private boolean mayDescribe(RequestContext context, byte type, String key) {
        Resource resource = type == TRANSACTION ? Resource.transactionalId(key) : Resource.group(key);
        return authoriser.authorise(context.principal(), Operation.DESCRIBE, resource);
    }

    private static ErrorCode authorisationError(byte type) {
        return type == TRANSACTION
                ? ErrorCode.TRANSACTIONAL_ID_AUTHORIZATION_FAILED
                : ErrorCode.GROUP_AUTHORIZATION_FAILED;
    }

    private static String message(byte type) {
        return type == GROUP || type == TRANSACTION ? null : "There are coordinators of groups and transactions only.";
    }

    /** The partition whose leader coordinates it. */
    private TopicPartition placeOf(byte type, String key) {
        return type == TRANSACTION
                ? new TopicPartition(InternalTopics.TRANSACTION_STATE, transactions.partitionFor(key))
                : new TopicPartition(InternalTopics.CONSUMER_OFFSETS, groups.partitionFor(key));
    }

    private static Coordinator coordinator(
            ClusterImage image, BrokerEndpoints endpoints, String key, TopicPartition place) {
        return image.partition(place)
                .filter(PartitionImage::hasLeader)
                .flatMap(partition -> endpoints.find(partition.leader()))
                .map(endpoint -> found(key, endpoint))
                .orElseGet(() -> none(key, ErrorCode.COORDINATOR_NOT_AVAILABLE, null));
    }

    private static Coordinator found(String key, BrokerEndpoint endpoint) {
        return new Coordinator()
                .setKey(key)
                .setNodeId(endpoint.id())
                .setHost(endpoint.host())
                .setPort(endpoint.port())
                .setErrorMessage(null);
    }

    private static Coordinator none(String key, ErrorCode error, String message) {
        return new Coordinator()
                .setKey(key)
                .setErrorCode(error.code())
                .setErrorMessage(message)
                .setNodeId(NO_NODE)
                .setPort(NO_NODE);
    }

    private static FindCoordinatorResponse batch(List<Coordinator> found) {
        return new FindCoordinatorResponse().setCoordinators(found);
    }

    private static FindCoordinatorResponse single(Coordinator found) {
        return new FindCoordinatorResponse()
                .setErrorCode(found.errorCode())
                .setErrorMessage(found.errorMessage())
                .setNodeId(found.nodeId())
                .setHost(found.host())
                .setPort(found.port());
    }
}
