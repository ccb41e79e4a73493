// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.common.Checks.require;

import io.kaon.exec.BrokerThread;
import io.kaon.server.ClientConnection;
import io.kaon.server.FetchSessionSlots;
import io.kaon.server.Listener;
import io.kaon.server.RecordReleaser;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.telemetry.RequestMeters;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A client in the broker's own JVM (design, D8): stands for one connection, without socket and codec. Any thread may
 * call; the router runs on one event loop, never on the caller's thread, which might be interrupted inside a file
 * write.
 *
 * <p>Calls start in the order in which they were made, by the same rules as on a connection: a barrier such as
 * JoinGroup holds back what is called after it, and one Fetch runs at a time. Answers come as they are ready. Use a
 * caller for each purpose, as clients use connections: one for produce and fetch, another for the group.
 *
 * <p>Results complete on the event loop: what depends on them must not block, or hop to a thread of its own first.
 */
public final class InJvmCaller {
    /** As a group's member shows it. */
    private static final String CLIENT_HOST = "127.0.0.1";

    private final RequestPort port;
    private final Options options;
    private final RequestMeters meters;
    private final EventLoop eventLoop;
    private final ClientConnection connection;
    private final RequestSequence<Call> calls =
            new RequestSequence<>(AnswerOrder.AS_READY, this::start, this::leave, () -> true);
    private final Set<Call> open = new HashSet<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private boolean isClosed;

    /**
     * Who calls.
     *
     * @param clientId as in a request's header
     * @param listener whose addresses Metadata tells
     * @param sessionSlots the broker's room for fetch sessions
     * @param maxCalls calls that may be unanswered at a time; one more fails at once
     */
    public record Options(String clientId, Listener listener, FetchSessionSlots sessionSlots, int maxCalls) {
        /** Room for a busy producer. */
        public static final int DEFAULT_MAX_CALLS = 1024;

        public Options {
            require(maxCalls >= 1, "calls in flight must be at least 1, was %s", maxCalls);
        }
    }

    /** A caller on one of the event loops of Vert.x; starts nothing. */
    public InJvmCaller(Vertx vertx, RequestPort port, Options options) {
        this.port = port;
        this.options = options;
        this.meters = port.meters();
        this.eventLoop = new VertxSockets(vertx).nextEventLoop();
        this.connection = new ClientConnection(options.listener(), CLIENT_HOST, eventLoop, options.sessionSlots());
    }

    /** Calls in the latest version of the api. */
    public CompletionStage<ApiMessage> call(ApiMessage request) {
        return ApiKey.of(request.apiKey())
                .map(api -> call(request, api.latestVersion()))
                .orElseGet(() -> CompletableFuture.failedFuture(unknown(request)));
    }

    /**
     * Calls. The request and the record bytes in it belong to the broker until the result completes: offsets and
     * epochs are written into batches. Record bytes in the answer belong to the caller, who releases each.
     *
     * @return the response; an empty one where the protocol has none (Produce with acks=0). Fails with
     *     {@link CallFailedException} when there is none for another reason, with {@link RejectedExecutionException}
     *     when too many calls are in flight or the event loop is gone
     */
    public CompletionStage<ApiMessage> call(ApiMessage request, short version) {
        ApiKey api = ApiKey.of(request.apiKey()).orElse(null);
        if (api == null || !api.hasVersion(version)) {
            return CompletableFuture.failedFuture(unknown(request));
        }
        if (inFlight.incrementAndGet() > options.maxCalls()) {
            inFlight.decrementAndGet();
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException("more than " + options.maxCalls() + " calls in flight"));
        }
        Call call = new Call(port, api, version, request);
        try {
            onLoop(() -> add(call));
        } catch (RejectedExecutionException shutDown) {
            inFlight.decrementAndGet();
            call.result.completeExceptionally(shutDown);
        }
        return call.result;
    }

    /**
     * Ends the caller: a waiting fetch is called off, every unanswered call fails with {@link CallFailedException},
     * fetch sessions end. What was handed to the router may still happen. Idempotent; the result does not fail.
     */
    public CompletionStage<Void> close() {
        try {
            onLoop(this::end);
        } catch (RejectedExecutionException shutDown) {
            closed.complete(null);
        }
        return closed.minimalCompletionStage();
    }

    private void add(Call call) {
        BrokerThread.adopt();
        if (isClosed) {
            fail(call, "the caller is closed");
            return;
        }
        open.add(call);
        call.arrivedAt(meters.now());
        calls.add(call);
        calls.advance();
    }

    private void start(Call call) {
        call.startedAt(meters.now());
        RequestContext context =
                RequestContext.of(call.api, call.version, options.clientId(), connection, call.hurry());
        CompletionStage<Reply> reply;
        try {
            reply = port.handle(context, call.request);
        } catch (RuntimeException failure) {
            reply = CompletableFuture.failedFuture(failure);
        }
        reply.whenComplete((answer, failure) -> {
            Reply outcome = RequestIntake.outcome(call.request, call.version, answer, failure);
            try {
                onLoop(() -> {
                    call.repliedAt(meters.now());
                    calls.answered(call, outcome);
                });
            } catch (RejectedExecutionException shutDown) {
                RecordReleaser.discard(outcome, call.version);
                call.result.completeExceptionally(shutDown);
            }
        });
        if (!call.isAnswered()) {
            call.handledAt(meters.now());
        }
    }

    private void leave(Call call) {
        Reply reply = call.reply().orElseThrow();
        if (!open.remove(call)) {
            RecordReleaser.discard(reply, call.version); // It failed when the caller was closed.
            return;
        }
        if (reply instanceof Reply.CloseConnection close) {
            fail(call, close.reason());
            return;
        }
        long now = meters.now();
        call.leftAt(now);
        call.count(meters.of(call.api.id(), call.api.title()), call.version, now);
        inFlight.decrementAndGet();
        call.result.complete(reply instanceof Reply.Answer answer ? answer.message() : call.api.newResponse());
    }

    private void end() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        calls.abandonWaiting(call -> {});
        calls.hurry();
        Set<Call> unanswered = Set.copyOf(open);
        open.clear();
        unanswered.forEach(call -> fail(call, "the caller was closed before the answer"));
        connection.close();
        closed.complete(null);
    }

    private void fail(Call call, String reason) {
        inFlight.decrementAndGet();
        call.result.completeExceptionally(new CallFailedException(reason));
    }

    private void onLoop(Runnable task) {
        if (eventLoop.inEventLoop()) {
            task.run();
        } else {
            eventLoop.execute(task);
        }
    }

    private static IllegalArgumentException unknown(ApiMessage request) {
        return new IllegalArgumentException("api " + request.apiKey() + " does not exist in that version");
    }

    private static final class Call extends Exchange {
        private final ApiKey api;
        private final short version;
        private final ApiMessage request;
        private final CompletableFuture<ApiMessage> result = new CompletableFuture<>();

        Call(RequestPort port, ApiKey api, short version, ApiMessage request) {
            super(port.pipelining(api));
            this.api = api;
            this.version = version;
            this.request = request;
        }
    }
}
