// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A broker and its API on a free port, without Quarkus: half a second instead of fifteen. Each answer in JSON is held to
 * the OpenAPI document of the groups under test.
 *
 * <pre>
 * try (RestServer server = RestServer.of(connection -&gt; List.of(new ClustersGroup(connection)))) {
 *     JsonNode clusters = server.get("/clusters").json(200);
 * }
 * </pre>
 */
final class RestServer implements AutoCloseable {
    private static final RestSettings SETTINGS = new RestSettings("", Set.of(), 1024 * 1024, 64, 16);

    private final Vertx vertx = Vertx.vertx();
    private final Broker broker;
    private final AdminConnection connection;
    private final OperationTable table;
    private final HttpServer http;
    private final String base;
    private final HttpClient client = HttpClient.newHttpClient();

    private RestServer(
            RestSettings settings, AccessCheck access, Function<AdminConnection, List<OperationGroup>> groups) {
        base = settings.base();
        broker = Broker.start(BrokerOptions.embedded().withConfig(Map.of("group.initial.rebalance.delay.ms", "0")));
        WorkerExecutor workers = vertx.createSharedWorkerExecutor("kaon-rest", 4);
        Executor executor = task -> workers.executeBlocking(
                () -> {
                    task.run();
                    return null;
                },
                false);
        connection = new AdminConnection(() -> Optional.of(broker), executor);
        table = RestApi.table(groups.apply(connection));
        Router router = Router.router(vertx);
        router.route(settings.base() + "/*").handler(new RestHandler(table, settings, access, connection));
        http = await(vertx.createHttpServer().requestHandler(router).listen(0, "localhost"));
    }

    /** Open to everybody, as in dev mode. */
    static RestServer of(Function<AdminConnection, List<OperationGroup>> groups) {
        return with(SETTINGS, AccessCheck.OPEN, groups);
    }

    static RestServer with(
            RestSettings settings, AccessCheck access, Function<AdminConnection, List<OperationGroup>> groups) {
        return new RestServer(settings, access, groups);
    }

    private static <T> T await(io.vertx.core.Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    int port() {
        return http.actualPort();
    }

    Broker broker() {
        return broker;
    }

    AdminConnection connection() {
        return connection;
    }

    OperationTable table() {
        return table;
    }

    /** Path of something in the cluster: {@code server.inCluster("/topics")}. */
    String inCluster(String path) {
        return "/clusters/" + broker.clusterId() + path;
    }

    Response get(String path) {
        return send(request(path).GET());
    }

    Response delete(String path) {
        return send(request(path).DELETE());
    }

    Response post(String path, String json) {
        return send(json(path).POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    /** Without a body. */
    Response post(String path) {
        return send(request(path).POST(HttpRequest.BodyPublishers.noBody()));
    }

    Response put(String path, String json) {
        return send(json(path).PUT(HttpRequest.BodyPublishers.ofString(json)));
    }

    Response patch(String path, String json) {
        return send(json(path).method("PATCH", HttpRequest.BodyPublishers.ofString(json)));
    }

    /** @param json empty for no body */
    Response send(String method, String path, String json) {
        return send(
                json.isEmpty()
                        ? request(path).method(method, HttpRequest.BodyPublishers.noBody())
                        : json(path).method(method, HttpRequest.BodyPublishers.ofString(json)));
    }

    private HttpRequest.Builder json(String path) {
        return request(path).header("Content-Type", "application/json");
    }

    /** @param path below {@code /v3}, percent-encoded */
    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + http.actualPort() + base + path));
    }

    Response send(HttpRequest.Builder request) {
        try {
            HttpRequest built = request.build();
            HttpResponse<String> response = client.send(built, HttpResponse.BodyHandlers.ofString());
            Response answer = new Response(response.statusCode(), response.headers(), response.body());
            OpenApiCheck.check(table, base, built, answer);
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An answer that is read while it comes; to be closed. */
    InputStream open(String path) {
        try {
            return client.send(request(path).GET().build(), HttpResponse.BodyHandlers.ofInputStream())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An answer that has come whole. */
    record Response(int status, java.net.http.HttpHeaders headers, String body) {
        /** The JSON, after a look at the status. */
        JsonNode json(int expectedStatus) {
            if (status != expectedStatus) {
                throw new AssertionError("expected status " + expectedStatus + ", was " + status + ": " + body);
            }
            try {
                return RequestCheck.JSON.readTree(body);
            } catch (JsonProcessingException e) {
                throw new AssertionError("not JSON: " + body, e);
            }
        }

        /** Fields that the problem names. */
        List<String> wrongFields() {
            return json(400).path("errors").findValuesAsText("field");
        }
    }

    @Override
    public void close() {
        connection.close();
        await(http.close());
        await(vertx.close());
        broker.close();
    }
}
