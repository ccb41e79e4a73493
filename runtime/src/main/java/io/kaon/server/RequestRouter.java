// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import io.kaon.common.ErrorCode;
import io.kaon.telemetry.RequestMeters;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ProduceRequest;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * The broker's one entrance: a decoded request goes in, what becomes of it comes out. TCP connections and in-JVM
 * callers use it alike (design, D8). Any thread; the requests of one connection one after the other. Never blocks,
 * never throws: whatever goes wrong is an error response of the request's own api.
 */
public final class RequestRouter {
    private static final Logger LOG = Logger.getLogger(RequestRouter.class);

    private final ApiTable table;
    private final Map<ApiKey, ApiHandler<ApiMessage>> handlers;
    private final RequestLog log = new RequestLog();
    private final RequestMeters meters = new RequestMeters(System::nanoTime);
    private final ErrorCount errors = new ErrorCount(meters);
    private volatile RequestFilter filter = RequestFilter.NONE;

    private RequestRouter(ApiTable table, Map<ApiKey, ApiHandler<ApiMessage>> handlers) {
        this.table = table;
        this.handlers = handlers;
    }

    public ApiTable table() {
        return table;
    }

    /** What is counted of requests, by whoever brings them. */
    public RequestMeters meters() {
        return meters;
    }

    /** How requests of this api overlap with others of their connection. */
    public Pipelining pipelining(ApiKey api) {
        return table.pipelining(api);
    }

    /**
     * Serves a request of any api that can be decoded. One that is not served, at all or in its version, is answered
     * with UNSUPPORTED_VERSION. The result may complete on any thread; it never fails.
     */
    public CompletionStage<Reply> handle(RequestContext context, ApiMessage request) {
        if (!log.isOn(context.api())) {
            return answer(context, request);
        }
        RequestLog.Entry entry = log.begin(context, request);
        return entry.whenAnswered(answer(context, request));
    }

    private CompletionStage<Reply> answer(RequestContext context, ApiMessage request) {
        if (!table.serves(context.api(), context.version())) {
            return CompletableFuture.completedFuture(refusal(context, request, ErrorCode.UNSUPPORTED_VERSION));
        }
        RequestFilter now = filter;
        return now == RequestFilter.NONE
                ? serve(context, request)
                : new FilteredRequest(this, context, request).handle(now);
    }

    /** Puts a filter before the handlers, in the place of the one that is there. Any thread; requests that come see it. */
    public void filter(RequestFilter next) {
        filter = next;
    }

    /** What is put before the handlers now. */
    public RequestFilter filter() {
        return filter;
    }

    /** Hands a request to its handler. */
    CompletionStage<Reply> serve(RequestContext context, ApiMessage request) {
        CompletionStage<Reply> reply;
        try {
            reply = handlers.get(context.api()).handle(context, request);
        } catch (RuntimeException failure) {
            reply = CompletableFuture.failedFuture(failure);
        }
        return reply.handle((answer, failure) -> {
            Reply outcome = failure == null ? answer : failed(context, request, failure);
            errors.count(context.api(), outcome);
            return outcome;
        });
    }

    /**
     * What a request gets that is not even tried, for example because the broker has too much in flight: an error
     * response, or the end of its connection where the protocol has no response.
     */
    public Reply refusal(RequestContext context, ApiMessage request, ErrorCode error) {
        if (request instanceof ProduceRequest produce && produce.acks() == 0) {
            return new Reply.CloseConnection("a Produce with acks=0 was refused: " + error);
        }
        if (context.api() == ApiKey.API_VERSIONS && error == ErrorCode.UNSUPPORTED_VERSION) {
            // The network writes it as version 0: the client finds the range of ApiVersions in it and asks again (C13).
            return new Reply.Answer(ApiListing.of(table).setErrorCode(error.code()));
        }
        return new Reply.Answer(ErrorResponses.of(request, context.version(), error));
    }

    private Reply failed(RequestContext context, ApiMessage request, Throwable failure) {
        ErrorCode error = ErrorMapping.codeOf(failure);
        if (error == ErrorCode.UNKNOWN_SERVER_ERROR) {
            LOG.errorf(
                    ErrorMapping.unwrapped(failure),
                    "%s version %s of client '%s' at %s failed: a defect of the broker",
                    context.api(),
                    context.version(),
                    context.clientId(),
                    context.clientHost());
        } else {
            LOG.debugf(failure, "%s version %s is answered with %s", context.api(), context.version(), error);
        }
        return refusal(context, request, error);
    }

    /** Collects the handlers. */
    public static final class Builder {
        private final ApiTable table;
        private final Map<ApiKey, ApiHandler<ApiMessage>> handlers = new EnumMap<>(ApiKey.class);

        public Builder(ApiTable table) {
            this.table = table;
        }

        /** Declares who serves an api. */
        public <Q extends ApiMessage> Builder route(ApiKey key, Class<Q> type, ApiHandler<Q> handler) {
            handlers.put(key, (context, request) -> handler.handle(context, type.cast(request)));
            return this;
        }

        /** A router; throws {@link IllegalArgumentException} when an api of the table has no handler (D11). */
        public RequestRouter build() {
            for (ApiTable.Api api : table.all()) {
                if (!handlers.containsKey(api.key())) {
                    throw new IllegalArgumentException("no handler serves " + api.key());
                }
            }
            return new RequestRouter(table, new EnumMap<>(handlers));
        }
    }
}
