// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.FetchableTopicResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import io.kaon.wire.message.ProduceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** One request that a {@link RequestFilter} looks at, and what its verdict does to it. Used on the connection's loop. */
final class FilteredRequest {
    private static final long NO_OFFSET = -1;

    private final RequestRouter router;
    private final RequestContext context;
    private final ApiMessage request;

    FilteredRequest(RequestRouter router, RequestContext context, ApiMessage request) {
        this.router = router;
        this.context = context;
        this.request = request;
    }

    CompletionStage<Reply> handle(RequestFilter filter) {
        return apply(filter.judge(context, request));
    }

    private CompletionStage<Reply> apply(RequestFilter.Verdict verdict) {
        if (verdict instanceof RequestFilter.Fail fail) {
            return fail(fail);
        }
        if (verdict instanceof RequestFilter.Disconnect) {
            return closed();
        }
        if (verdict instanceof RequestFilter.LoseAnswer) {
            return router.serve(context, request).thenCompose(reply -> {
                RecordReleaser.discard(reply, context.version());
                return closed();
            });
        }
        if (verdict instanceof RequestFilter.Hold hold) {
            CompletionStage<?> until = hold.until().exceptionally(failure -> null);
            return apply(hold.then()).thenCombine(until, (reply, released) -> reply);
        }
        return router.serve(context, request);
    }

    private static CompletionStage<Reply> closed() {
        return CompletableFuture.completedFuture(new Reply.CloseConnection("a fault was injected"));
    }

    private CompletionStage<Reply> fail(RequestFilter.Fail fail) {
        if (request instanceof FetchRequest fetch) {
            return failFetch(fetch, fail);
        }
        if (request instanceof ProduceRequest produce && produce.acks() != 0) {
            return failProduce(produce, fail);
        }
        return refused(request, fail.error());
    }

    private CompletionStage<Reply> refused(ApiMessage what, ErrorCode error) {
        return CompletableFuture.completedFuture(router.refusal(context, what, error));
    }

    /** Topics that are not meant are served, as if they had come alone. */
    private CompletionStage<Reply> failProduce(ProduceRequest produce, RequestFilter.Fail fail) {
        Predicate<TopicProduceData> isMeant = topic -> fail.topics().test(new TopicName(topic.name(), topic.topicId()));
        ProduceRequest served = part(produce, isMeant.negate());
        if (served.topicData().isEmpty()) {
            return refused(produce, fail.error());
        }
        ApiMessage errors = ErrorResponses.of(part(produce, isMeant), context.version(), fail.error());
        return router.serve(context, served).thenApply(reply -> {
            if (reply instanceof Reply.Answer answer && answer.message() instanceof ProduceResponse response) {
                List<ProduceResponse.TopicProduceResponse> all = new ArrayList<>(response.responses());
                all.addAll(((ProduceResponse) errors).responses());
                response.setResponses(all);
            }
            return reply;
        });
    }

    private static ProduceRequest part(ProduceRequest whole, Predicate<TopicProduceData> isKept) {
        return new ProduceRequest()
                .setTransactionalId(whole.transactionalId())
                .setAcks(whole.acks())
                .setTimeoutMs(whole.timeoutMs())
                .setTopicData(
                        whole.topicData().stream().filter(isKept).collect(Collectors.toCollection(ArrayList::new)));
    }

    /**
     * The fetch goes on, so that its session does, but does not wait; the partitions that are meant carry the error, also
     * those that an incremental answer would leave out.
     */
    private CompletionStage<Reply> failFetch(FetchRequest fetch, RequestFilter.Fail fail) {
        Set<FetchKey> failing = context.connection().fetchSessions().asked(fetch).stream()
                .filter(key -> fail.topics().test(new TopicName(key.topic(), key.topicId())))
                .collect(Collectors.toSet());
        if (failing.isEmpty()) {
            return refused(fetch, fail.error());
        }
        return router.serve(context.hurried(), fetch).thenApply(reply -> {
            if (reply instanceof Reply.Answer answer
                    && answer.message() instanceof FetchResponse response
                    && response.errorCode() == ErrorCode.NONE.code()) {
                putErrors(response, failing, fail.error());
            }
            return reply;
        });
    }

    private static void putErrors(FetchResponse response, Set<FetchKey> failing, ErrorCode error) {
        List<FetchableTopicResponse> topics = new ArrayList<>();
        for (FetchableTopicResponse topic : response.responses()) {
            List<FetchResponse.PartitionData> kept = new ArrayList<>();
            for (FetchResponse.PartitionData data : topic.partitions()) {
                if (!failing.contains(new FetchKey(topic.topic(), topic.topicId(), data.partitionIndex()))) {
                    kept.add(data);
                } else if (data.records() != null) {
                    data.records().release();
                }
            }
            if (!kept.isEmpty()) {
                topics.add(topic.setPartitions(kept));
            }
        }
        failing.stream()
                .collect(Collectors.groupingBy(key -> new TopicName(key.topic(), key.topicId())))
                .forEach((name, keys) -> topics.add(new FetchableTopicResponse()
                        .setTopic(name.name())
                        .setTopicId(name.id())
                        .setPartitions(keys.stream()
                                .map(key -> failed(key.partition(), error))
                                .collect(Collectors.toCollection(ArrayList::new)))));
        response.setResponses(topics);
    }

    private static FetchResponse.PartitionData failed(int partition, ErrorCode error) {
        return new FetchResponse.PartitionData()
                .setPartitionIndex(partition)
                .setErrorCode(error.code())
                .setHighWatermark(NO_OFFSET)
                .setRecords(BufferRecords.EMPTY);
    }
}
