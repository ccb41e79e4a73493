// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.kaon.server.ApiTable;
import io.kaon.server.Pipelining;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.telemetry.RequestMeters;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;

/** Answers each api as the test says; what the test says nothing about gets an empty response at once. */
final class FakeRouter implements RequestPort {
    private final RequestMeters meters = new RequestMeters(System::nanoTime);
    private final ApiTable table = ApiTable.standard();
    private final Map<ApiKey, BiFunction<RequestContext, ApiMessage, CompletionStage<Reply>>> behaviour =
            new EnumMap<>(ApiKey.class);
    private final List<Seen> seen = new CopyOnWriteArrayList<>();

    record Seen(RequestContext context, ApiMessage request, CompletableFuture<Reply> reply) {
        void answer(ApiMessage message) {
            reply.complete(new Reply.Answer(message));
        }
    }

    /** What came in, in order. */
    List<Seen> seen() {
        return seen;
    }

    FakeRouter on(ApiKey api, BiFunction<RequestContext, ApiMessage, CompletionStage<Reply>> answer) {
        behaviour.put(api, answer);
        return this;
    }

    /** Requests of the api wait until the test answers them. */
    FakeRouter hold(ApiKey api) {
        return on(api, (context, request) -> new CompletableFuture<>());
    }

    @Override
    public RequestMeters meters() {
        return meters;
    }

    @Override
    public Pipelining pipelining(ApiKey api) {
        return table.pipelining(api);
    }

    @Override
    public CompletionStage<Reply> handle(RequestContext context, ApiMessage request) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        seen.add(new Seen(context, request, reply));
        if (!behaviour.containsKey(context.api())) {
            reply.complete(new Reply.Answer(context.api().newResponse()));
            return reply;
        }
        CompletionStage<Reply> answer = behaviour.get(context.api()).apply(context, request);
        answer.whenComplete((value, failure) -> {
            if (failure == null) {
                reply.complete(value);
            } else {
                reply.completeExceptionally(failure);
            }
        });
        return reply;
    }
}
