// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's files over HTTP, below a root path that has the page's own name. */
class ConsoleHandlerTest {
    private static final Vertx VERTX = Vertx.vertx();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static HttpServer server;

    @BeforeAll
    static void serve() {
        Router router = Router.router(VERTX);
        ConsoleHandler handler =
                new ConsoleHandler("/kaon", new ConsoleFiles(ConsoleHandlerTest.class.getClassLoader()));
        router.route("/kaon/kaon").handler(handler);
        router.route("/kaon/kaon/*").handler(handler);
        server = VERTX.createHttpServer()
                .requestHandler(router)
                .listen(0, "localhost")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterAll
    static void end() {
        VERTX.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void shouldServeThePageWithAPolicyThatNamesItsOnlyScript() throws Exception {
        // When
        HttpResponse<String> page = get("/kaon/kaon/");

        // Then
        String script = page.body().replaceAll("(?s).*<script type=\"importmap\">(.*?)</script>.*", "$1");
        String hash = Base64.getEncoder()
                .encodeToString(MessageDigest.getInstance("SHA-256").digest(script.getBytes(StandardCharsets.UTF_8)));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "'sha256-" + hash + "'", "trusted-types lit-html")
                .doesNotContain("unsafe", "http");
        assertThat(script).contains("./lit/lit/index.js");
    }

    @Test
    void shouldLeadToThePageWithoutTheSlash() throws Exception {
        // When
        HttpResponse<String> answer = get("/kaon/kaon");

        // Then
        assertThat(answer.statusCode()).isEqualTo(302);
        assertThat(answer.headers().firstValue("Location")).contains("/kaon/kaon/");
    }

    @Test
    void shouldSendAFileOnceToABrowserThatHasIt() throws Exception {
        // Given
        HttpResponse<String> first = get("/kaon/kaon/page.js");
        String tag = first.headers().firstValue("ETag").orElseThrow();

        // When
        HttpResponse<String> second = send(request("/kaon/kaon/page.js").header("If-None-Match", tag));

        // Then
        assertThat(first.headers().firstValue("Content-Type")).contains("text/javascript; charset=utf-8");
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none.js", "none", "lit/", "lit/../../META-INF/MANIFEST.MF", "..%2f..%2fMETA-INF/MANIFEST.MF",
                "%2e%2e/application.properties", "page.js/", ".js", "page.js%00.html", "PAGE.JS",
            })
    void shouldServeNothingElse(String name) throws Exception {
        // When
        HttpResponse<String> answer = get("/kaon/kaon/" + name);

        // Then
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).doesNotContain("import", "Manifest");
    }

    @Test
    void shouldTakeNothing() throws Exception {
        // When
        HttpResponse<String> answer = send(request("/kaon/kaon/").POST(HttpRequest.BodyPublishers.ofString("x")));

        // Then
        assertThat(answer.statusCode()).isEqualTo(405);
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + path));
    }
}
