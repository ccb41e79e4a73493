// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.ConfigCatalogue;
import io.kaon.metadata.config.ConfigKey;
import io.kaon.metadata.config.EffectiveConfigs;
import io.kaon.record.CompressionType;
import io.kaon.replication.FetchParams;
import io.kaon.replication.Fetcher;
import io.kaon.replication.PartitionRead;
import io.kaon.replication.PartitionReadResult;
import io.kaon.server.ApiHandler;
import io.kaon.server.Authoriser;
import io.kaon.server.ErrorResponses;
import io.kaon.server.FetchKey;
import io.kaon.server.FetchPlan;
import io.kaon.server.FetchTarget;
import io.kaon.server.Operation;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.server.Resource;
import io.kaon.server.ServerOptions;
import io.kaon.telemetry.TopicMeters;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Reads records, waiting until there are enough. Versions 0–3 get them in the old formats; sessions from version 7,
 * topic ids from 13.
 */
public final class FetchHandler implements ApiHandler<FetchRequest> {
    private static final int FIRST_VERSION_WITH_REPLICA_STATE = 15;
    private static final int FIRST_VERSION_WITH_ZSTD = 10;
    private static final byte READ_COMMITTED = 1;
    private static final ConfigKey COMPRESSION_TYPE =
            ConfigCatalogue.topics().find("compression.type").orElseThrow();

    private final MetadataImages images;
    private final Readers readers;
    private final Authoriser authoriser;
    private final BrokerSettings settings;
    private final ServerOptions options;

    FetchHandler(
            MetadataImages images,
            Readers readers,
            Authoriser authoriser,
            BrokerSettings settings,
            ServerOptions options) {
        this.images = images;
        this.readers = readers;
        this.authoriser = authoriser;
        this.settings = settings;
        this.options = options;
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, FetchRequest request) {
        ErrorCode refusal = refusal(context, request);
        if (refusal != ErrorCode.NONE) {
            return Reply.now(ErrorResponses.of(request, context.version(), refusal));
        }
        FetchPlan plan = context.connection().fetchSessions().plan(request, context.version());
        if (plan.error() != ErrorCode.NONE) {
            return Reply.now(new FetchResponse().setErrorCode(plan.error().code()));
        }
        ClusterImage image = images.current();
        List<Piece> pieces = new ArrayList<>(plan.targets().size());
        List<PartitionRead> reads = new ArrayList<>(plan.targets().size());
        for (FetchTarget target : plan.targets()) {
            Piece piece = piece(context, image, target);
            pieces.add(piece);
            if (piece.error == ErrorCode.NONE) {
                reads.add(read(piece));
            }
        }
        boolean isComplete = reads.size() == pieces.size() && !reads.isEmpty();
        boolean readCommitted = request.isolationLevel() == READ_COMMITTED;
        FetchResponseBuilder builder = new FetchResponseBuilder(
                context,
                plan,
                new LeaderHints(image, options.nodeId(), context.listener()),
                readCommitted,
                readers.meters);
        if (reads.isEmpty()) {
            return Reply.now(builder.build(pieces, List.of()));
        }
        return fetch(context, params(request, isComplete), reads)
                .thenApply(results -> new Reply.Answer(builder.build(pieces, results)));
    }

    /** Who reads: records as they are stored, or in the old formats; and what counts that. */
    record Readers(Fetcher stored, LegacyFetcher legacy, TopicMeters meters) {}

    private CompletionStage<List<PartitionReadResult>> fetch(
            RequestContext context, FetchParams params, List<PartitionRead> reads) {
        return context.version() <= LegacyFetcher.LAST_VERSION
                ? readers.legacy.fetch(context, params, reads)
                : readers.stored.fetch(
                        params, reads, context.hurry(), context.connection().home());
    }

    /**
     * A partition of the plan, with the name of its topic.
     *
     * @param topic empty when the id is unknown
     * @param error NONE, or why it is not read at all
     */
    record Piece(FetchTarget target, String topic, ErrorCode error) {}

    /** Followers fetch in ways of our own; a client that says it is one would read what is not committed (R9). */
    private static ErrorCode refusal(RequestContext context, FetchRequest request) {
        int replicaId = context.version() < FIRST_VERSION_WITH_REPLICA_STATE
                ? request.replicaId()
                : request.replicaState().replicaId();
        if (replicaId >= 0) {
            return ErrorCode.CLUSTER_AUTHORIZATION_FAILED;
        }
        return request.isolationLevel() < 0 || request.isolationLevel() > READ_COMMITTED
                ? ErrorCode.INVALID_REQUEST
                : ErrorCode.NONE;
    }

    private Piece piece(RequestContext context, ClusterImage image, FetchTarget target) {
        FetchKey key = target.key();
        boolean usesId = !key.topicId().isZero();
        String topic = usesId ? image.topic(key.topicId()).map(TopicImage::name).orElse("") : key.topic();
        if (topic.isEmpty()) {
            return new Piece(
                    target,
                    "",
                    context.version() < FetchResponseBuilder.FIRST_VERSION_WITH_IDS
                            ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
                            : ErrorCode.UNKNOWN_TOPIC_ID);
        }
        if (!authoriser.authorise(context.principal(), Operation.READ, Resource.topic(topic))) {
            return new Piece(target, topic, ErrorCode.TOPIC_AUTHORIZATION_FAILED);
        }
        if (context.version() < FIRST_VERSION_WITH_ZSTD && isZstd(image, topic)) {
            return new Piece(target, topic, ErrorCode.UNSUPPORTED_COMPRESSION_TYPE);
        }
        return new Piece(target, topic, key.partition() < 0 ? ErrorCode.UNKNOWN_TOPIC_OR_PARTITION : ErrorCode.NONE);
    }

    /** Only what the topic asks for counts: what producers chose is their consumers' business (KIP-110, as Kafka). */
    private boolean isZstd(ClusterImage image, String topic) {
        return new EffectiveConfigs(image, settings)
                .topicValue(topic, COMPRESSION_TYPE)
                .filter(CompressionType.ZSTD.kafkaName()::equals)
                .isPresent();
    }

    private static PartitionRead read(Piece piece) {
        FetchTarget target = piece.target;
        return new PartitionRead(
                new TopicPartition(piece.topic, target.key().partition()),
                target.key().topicId(),
                target.fetchOffset(),
                target.maxBytes(),
                target.currentLeaderEpoch(),
                target.lastFetchedEpoch());
    }

    /** A fetch with something to tell at once does not wait. */
    private FetchParams params(FetchRequest request, boolean mayWait) {
        int maxBytes = Math.min(Math.max(0, request.maxBytes()), options.fetchMaxBytes());
        return new FetchParams(
                Math.min(request.minBytes(), maxBytes),
                maxBytes,
                mayWait ? request.maxWaitMs() : 0,
                request.isolationLevel() == READ_COMMITTED);
    }
}
