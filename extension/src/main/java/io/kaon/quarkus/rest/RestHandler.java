// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The API under {@code /v3}: checks who asks and what, calls the operation, writes what it answers. A request is taken
 * and answered on its event loop; everything between happens on the workers.
 */
final class RestHandler implements Handler<RoutingContext> {
    private static final String JSON = "application/json";
    private static final int TOO_MANY = 429;
    private static final int UNKNOWN_CLUSTER = 40401;
    /** Guards against a query of a million parameters; Vert.x limits the length of the first line. */
    private static final int MAX_PARAMETERS = 64;

    private final OperationTable table;
    private final RestSettings settings;
    private final AccessCheck access;
    private final BrowserGuard guard;
    private final AdminConnection connection;
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger streams = new AtomicInteger();

    RestHandler(OperationTable table, RestSettings settings, AccessCheck access, AdminConnection connection) {
        this.table = table;
        this.settings = settings;
        this.access = access;
        this.guard = new BrowserGuard(settings.hosts());
        this.connection = connection;
    }

    /** A request on its way. */
    private record Exchange(RoutingContext context, Context eventLoop, String path) {
        HttpServerRequest request() {
            return context.request();
        }
    }

    @Override
    public void handle(RoutingContext context) {
        HttpServerRequest request = context.request();
        request.pause(); // Until somebody reads its body: who calls is found out first.
        String path = rawPath(request);
        Exchange exchange = new Exchange(
                context, Vertx.currentContext(), path.substring(settings.base().length()));
        boolean writes = !request.method().name().equals("GET");
        Optional<Problem> refusal = guard.refusal(authorityOf(request), request.getHeader("Origin"), writes);
        if (refusal.isPresent()) {
            refuse(exchange, refusal.get(), Map.of());
            return;
        }
        if (requests.incrementAndGet() > settings.maxRequests()) {
            requests.decrementAndGet();
            refuse(
                    exchange,
                    Problem.of(
                            TOO_MANY, "More than " + settings.maxRequests() + " requests at a time. Try again soon."),
                    Map.of("Retry-After", "1"));
            return;
        }
        context.addEndHandler(ended -> requests.decrementAndGet());
        access.check(context)
                .whenComplete((found, failure) -> exchange.eventLoop().runOnContext(ignored -> {
                    if (failure != null) {
                        refuse(exchange, Problem.of(403, 40301, "Nobody could say who you are."), Map.of());
                    } else if (found.isPresent()) {
                        refuse(exchange, found.get().problem(), found.get().headers());
                    } else {
                        route(exchange);
                    }
                }));
    }

    private void route(Exchange exchange) {
        OperationTable.Matches matches = table.find(exchange.path());
        Optional<OperationTable.Match> match =
                matches.of(exchange.request().method().name());
        if (match.isEmpty()) {
            List<String> methods = matches.methods();
            refuse(
                    exchange,
                    methods.isEmpty()
                            ? Problem.of(
                                    404,
                                    "There is nothing at this path. GET " + settings.base()
                                            + "/openapi lists all operations.")
                            : Problem.of(405, "This path takes " + String.join(", ", methods) + "."),
                    methods.isEmpty() ? Map.of() : Map.of("Allow", String.join(", ", methods)));
            return;
        }
        readBody(exchange, match.get());
    }

    private void readBody(Exchange exchange, OperationTable.Match match) {
        HttpServerRequest request = exchange.request();
        if (request.isEnded()) {
            // Another extension had the body read for all routes.
            Buffer read = exchange.context().body().buffer();
            checkForm(exchange, match, read == null ? Buffer.buffer() : read);
            return;
        }
        Buffer content = Buffer.buffer();
        request.handler(piece -> {
            if (content.length() <= settings.maxBodyBytes()) {
                content.appendBuffer(piece); // What comes beyond the bound is dropped.
            }
        });
        request.endHandler(ended -> checkForm(exchange, match, content));
        request.resume();
    }

    private void checkForm(Exchange exchange, OperationTable.Match match, Buffer content) {
        if (content.length() > settings.maxBodyBytes()) {
            refuse(
                    exchange,
                    Problem.of(
                            413,
                            "The body has more than " + settings.maxBodyBytes()
                                    + " bytes, which is quarkus.kaon.rest.max-body-size."),
                    Map.of());
            return;
        }
        if (content.length() > 0 && !isJson(exchange.request().getHeader("Content-Type"))) {
            refuse(exchange, Problem.of(415, "A body has to be " + JSON + " (header Content-Type)."), Map.of());
            return;
        }
        connection.executor().execute(() -> call(exchange, match, content.getBytes()));
    }

    private static boolean isJson(String contentType) {
        return contentType != null && contentType.split(";")[0].strip().equalsIgnoreCase(JSON);
    }

    /** On a worker. */
    private void call(Exchange exchange, OperationTable.Match match, byte[] content) {
        try {
            Map<String, List<String>> query = queryOf(exchange.request().query());
            RequestCheck check = new RequestCheck(match.operation());
            Map<String, Object> values = check.values(match.path(), query);
            checkCluster(match.path());
            List<JsonNode> bodies = check.bodies(content);
            CompletionStage<Answer> answer =
                    match.operation().handler().handle(new Call(values, bodies, links(exchange, query)));
            answer.whenComplete((result, failure) -> {
                if (failure == null) {
                    answer(exchange, result);
                } else {
                    fail(exchange, failure);
                }
            });
        } catch (RuntimeException failure) {
            fail(exchange, failure);
        }
    }

    private void checkCluster(Map<String, String> path) {
        String asked = path.get("cluster_id");
        if (asked != null && !asked.equals(connection.broker().clusterId())) {
            throw Problem.of(
                            404,
                            UNKNOWN_CLUSTER,
                            "There is no cluster with this id. GET " + settings.base() + "/clusters tells the id.")
                    .asException();
        }
    }

    private Links links(Exchange exchange, Map<String, List<String>> query) {
        HttpServerRequest request = exchange.request();
        Map<String, String> kept = new LinkedHashMap<>();
        query.forEach((name, given) -> {
            if (!name.equals("page_token")) {
                kept.put(name, given.get(0));
            }
        });
        String base = request.scheme() + "://" + authorityOf(request) + settings.base();
        return new Links(base, exchange.path(), kept);
    }

    /** Host and port that the client used; null when it did not say. */
    static String authorityOf(HttpServerRequest request) {
        return request.authority() == null ? null : request.authority().toString();
    }

    /** Without the query; not decoded, because a name may hold a slash. */
    private static String rawPath(HttpServerRequest request) {
        return request.path();
    }

    private static Map<String, List<String>> queryOf(String query) {
        Map<String, List<String>> values = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return values;
        }
        String[] pairs = query.split("&", MAX_PARAMETERS + 1);
        if (pairs.length > MAX_PARAMETERS) {
            throw Problem.invalid("query", "has more than " + MAX_PARAMETERS + " parameters")
                    .asException();
        }
        for (String pair : pairs) {
            if (pair.isEmpty()) {
                continue;
            }
            int sign = pair.indexOf('=');
            String name = decoded(sign < 0 ? pair : pair.substring(0, sign));
            values.computeIfAbsent(name, first -> new ArrayList<>())
                    .add(sign < 0 ? "" : decoded(pair.substring(sign + 1)));
        }
        return values;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("query", "is not percent-encoded as it should be")
                    .asException();
        }
    }

    private void fail(Exchange exchange, Throwable failure) {
        Problem problem = Problems.of(failure);
        exchange.eventLoop().runOnContext(ignored -> refuse(exchange, problem, Map.of()));
    }

    private void refuse(Exchange exchange, Problem problem, Map<String, String> headers) {
        HttpServerRequest request = exchange.request();
        if (!request.isEnded()) {
            request.handler(dropped -> {});
            request.resume();
        }
        HttpServerResponse response = head(exchange, problem.status(), Problem.MEDIA_TYPE, headers);
        end(response, Buffer.buffer(problem.toJson().toString()));
    }

    private void answer(Exchange exchange, Answer answer) {
        if (answer instanceof Answer.Json json) {
            Buffer content = Buffer.buffer(json.body().toString());
            exchange.eventLoop()
                    .runOnContext(ignored -> end(head(exchange, json.status(), JSON, json.headers()), content));
            return;
        }
        exchange.eventLoop().runOnContext(ignored -> {
            if (answer instanceof Answer.Nothing nothing) {
                head(exchange, nothing.status(), "", Map.of()).end();
            } else if (answer instanceof Answer.Streamed streamed) {
                stream(exchange, streamed);
            }
        });
    }

    private void stream(Exchange exchange, Answer.Streamed answer) {
        if (streams.incrementAndGet() > settings.maxStreams()) {
            streams.decrementAndGet();
            refuse(
                    exchange,
                    Problem.of(
                            TOO_MANY,
                            "More than " + settings.maxStreams()
                                    + " streams at a time, which is quarkus.kaon.rest.max-streams."),
                    Map.of("Retry-After", "5"));
            return;
        }
        HttpServerResponse response = head(exchange, answer.status(), answer.mediaType(), answer.headers());
        response.setChunked(true);
        Executor workers = connection.executor();
        boolean isLines = answer.mediaType().equals(Answer.NDJSON);
        StreamWriter writer = new StreamWriter(exchange.context(), exchange.eventLoop(), workers, isLines);
        writer.onClose(streams::decrementAndGet);
        workers.execute(() -> {
            try {
                answer.writer().accept(writer);
            } catch (RuntimeException failure) {
                writer.fail(failure);
            }
        });
    }

    private static HttpServerResponse head(
            Exchange exchange, int status, String mediaType, Map<String, String> headers) {
        HttpServerResponse response = exchange.context().response();
        response.setStatusCode(status);
        response.putHeader("Cache-Control", "no-store");
        response.putHeader("X-Content-Type-Options", "nosniff");
        if (!mediaType.isEmpty()) {
            response.putHeader("Content-Type", mediaType);
        }
        headers.forEach(response::putHeader);
        return response;
    }

    private static void end(HttpServerResponse response, Buffer content) {
        if (!response.ended() && !response.closed()) {
            response.end(content);
        }
    }
}
