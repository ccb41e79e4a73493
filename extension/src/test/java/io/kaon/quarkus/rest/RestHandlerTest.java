// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What all operations have in common: who may ask, how much, and how long answers leave. */
class RestHandlerTest {
    private static final int MAX_BODY = 2000;
    private static final int MAX_REQUESTS = 4;
    private static final int MAX_STREAMS = 1;

    private static final AtomicInteger written = new AtomicInteger();
    private static final AtomicBoolean closed = new AtomicBoolean();
    private static final CountDownLatch held = new CountDownLatch(1);
    private static RestServer server;

    @BeforeAll
    static void start() {
        AccessCheck access = context -> CompletableFuture.completedStage(
                context.request().getHeader("X-Stranger") == null
                        ? Optional.empty()
                        : Optional.of(new AccessCheck.Refusal(
                                Problem.of(401, 40101, "Who are you?"), Map.of("WWW-Authenticate", "basic"))));
        server = RestServer.with(
                new RestSettings("/shop", Set.of("broker.example"), MAX_BODY, MAX_REQUESTS, MAX_STREAMS),
                access,
                connection -> List.of(() -> List.of(
                        Operation.post("/things:count")
                                .id("countThings")
                                .takesSeveral(Schema.object().with("n", Schema.int64()))
                                .gives(200, Schema.int64())
                                .handledBy(call -> Answer.ok(JsonNodeFactory.instance.numberNode(
                                                (long) call.bodies().size()))
                                        .now()),
                        Operation.get("/lines")
                                .id("lines")
                                .parameter(Parameter.integer("count", 1, 1_000_000))
                                .parameter(Parameter.flag("breaks"))
                                .gives(Answer.NDJSON, "Numbers.")
                                .handledBy(RestHandlerTest::lines),
                        Operation.get("/held")
                                .id("held")
                                .gives(200, Schema.any())
                                .handledBy(call -> {
                                    CompletableFuture<Answer> later = new CompletableFuture<>();
                                    new Thread(() -> {
                                                awaitHeld();
                                                later.complete(Answer.ok(JsonNodeFactory.instance.nullNode()));
                                            })
                                            .start();
                                    return later;
                                }),
                        Operation.get("/defect")
                                .id("defect")
                                .gives(200, Schema.any())
                                .handledBy(call -> {
                                    throw new IllegalStateException("a secret of ours");
                                }),
                        Operation.get("/channels/{channel_name}")
                                .id("channel")
                                .gives(200, Schema.text())
                                .handledBy(
                                        call -> Answer.ok(JsonNodeFactory.instance.textNode(call.text("channel_name")))
                                                .now()),
                        Operation.post("/channels/{channel_name}:pause")
                                .id("pause")
                                .gives(200, Schema.text())
                                .handledBy(call -> Answer.ok(JsonNodeFactory.instance.textNode(
                                                "paused " + call.text("channel_name")))
                                        .now()))));
    }

    private static void awaitHeld() {
        try {
            held.await(10, SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletionStage<Answer> lines(Call call) {
        return Answer.stream(Answer.NDJSON, stream -> {
                    closed.set(false);
                    stream.onClose(() -> closed.set(true));
                    write(stream, call, 0);
                })
                .now();
    }

    private static void write(AnswerStream stream, Call call, int number) {
        if (call.flag("breaks") && number == 3) {
            stream.fail(Problem.of(404, "It is gone.").asException());
        } else if (number < call.integer("count")) {
            written.set(number);
            stream.line(JsonNodeFactory.instance.objectNode().put("n", number).put("padding", "x".repeat(1000)))
                    .thenRun(() -> write(stream, call, number + 1));
        } else {
            stream.end();
        }
    }

    @AfterAll
    static void stop() {
        held.countDown();
        server.close();
    }

    @Test
    void shouldTakeJsonValuesOneAfterTheOther() {
        // When
        long count = server.post("/things:count", "{\"n\":1}{\"n\":2}\n {\"n\":3}")
                .json(200)
                .asLong();

        // Then
        assertThat(count).isEqualTo(3);
    }

    @Test
    void shouldNameTheValueAndMemberThatIsWrong() {
        assertThat(server.post("/things:count", "{\"n\":1}{\"n\":\"two\"}").wrongFields())
                .containsExactly("[1].n");
        assertThat(server.post("/things:count", "").wrongFields()).containsExactly("body");
        assertThat(server.post("/things:count", "{\"n\":1,\"n\":2}").wrongFields())
                .containsExactly("body");
    }

    @Test
    void shouldRefuseBodiesThatAreTooLargeOrNotJson() {
        assertThat(server.post("/things:count", "{\"n\":" + " ".repeat(MAX_BODY) + "1}")
                        .status())
                .isEqualTo(413);
        assertThat(server.send(server.request("/things:count")
                                .header("Content-Type", "text/plain")
                                .POST(HttpRequest.BodyPublishers.ofString("{\"n\":1}")))
                        .status())
                .isEqualTo(415);
    }

    @Test
    void shouldRefuseOtherHostsAndWritesOfOtherSites() throws IOException {
        assertThat(statusOf("GET", "Host: evil.example")).isEqualTo(403);
        assertThat(statusOf("GET", "Host: Broker.example:1234")).isEqualTo(200);
        assertThat(statusOf("POST", "Host: localhost:9\r\nOrigin: http://evil.example"))
                .isEqualTo(403);
        assertThat(statusOf("POST", "Host: localhost:9\r\nOrigin: null")).isEqualTo(403);
        assertThat(statusOf("POST", "Host: localhost:9\r\nOrigin: http://localhost:9"))
                .isEqualTo(200);
    }

    /** Java's HTTP client does not let one choose the header Host. */
    private static int statusOf(String method, String headers) throws IOException {
        try (Socket socket = new Socket("localhost", server.port())) {
            String path = "/shop/v3/channels/a" + (method.equals("POST") ? ":pause" : "");
            String request = method + " " + path + " HTTP/1.1\r\n" + headers
                    + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return Integer.parseInt(answer.split(" ")[1]);
        }
    }

    @Test
    void shouldRefuseStrangersWithAChallenge() {
        // When
        RestServer.Response answer = server.send(server.request("/channels/a").header("X-Stranger", "yes"));

        // Then
        assertThat(answer.json(401).at("/error_code").asInt()).isEqualTo(40101);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).hasValue("basic");
    }

    @Test
    void shouldTellVerbsFromNames() {
        assertThat(server.post("/channels/a:pause").json(200).asText()).isEqualTo("paused a");
        assertThat(server.get("/channels/a:pause").json(200).asText()).isEqualTo("a:pause");
        assertThat(server.post("/channels/a%3Apause:pause").json(200).asText()).isEqualTo("paused a:pause");
        assertThat(server.get("/channels/a%2Fb+c").json(200).asText()).isEqualTo("a/b+c");
    }

    @Test
    void shouldSayWhichMethodsAPathTakes() {
        // When
        RestServer.Response answer = server.delete("/channels/a");

        // Then
        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET");
        assertThat(server.get("/nothing/here").status()).isEqualTo(404);
    }

    @Test
    void shouldNotTellDefectsToStrangers() {
        // When
        RestServer.Response answer = server.get("/defect");

        // Then
        assertThat(answer.status()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("secret");
    }

    @Test
    void shouldBoundRequestsAtATime() {
        // Given
        List<CompletableFuture<RestServer.Response>> waiting = new java.util.ArrayList<>();
        for (int i = 0; i < MAX_REQUESTS; i++) {
            waiting.add(CompletableFuture.supplyAsync(() -> server.get("/held")));
        }

        // When
        await().until(() -> server.get("/channels/a").status() == 429);
        held.countDown();

        // Then
        assertThat(waiting)
                .allSatisfy(answer -> assertThat(answer.join().status()).isIn(200, 429));
        await().until(() -> server.get("/channels/a").status() == 200);
    }

    @Test
    void shouldStreamAsFastAsTheClientReadsAndStopWhenItGoes() throws IOException {
        // Given
        int count = 500_000;

        // When
        try (InputStream lines = server.open("/lines?count=" + count)) {
            BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8));
            assertThat(reader.readLine()).startsWith("{\"n\":0");
            AtomicInteger before = new AtomicInteger(-1);
            await().atMost(60, SECONDS)
                    .pollInterval(200, MILLISECONDS)
                    .until(() -> before.getAndSet(written.get()) == written.get());
            assertThat(server.get("/lines?count=1").status()).isEqualTo(429);
        }

        // Then
        assertThat(written.get()).isLessThan(count - 1);
        await().untilTrue(closed);
        await().until(() -> server.get("/lines?count=1").status() == 200);
    }

    @Test
    void shouldEndAStreamThatFailsWithItsProblem() {
        // When
        await().until(() -> server.get("/lines?count=9&breaks=true").status() == 200);
        RestServer.Response answer = server.get("/lines?count=9&breaks=true");

        // Then
        assertThat(answer.body().lines()).hasSize(4).last().asString().contains("\"problem\"", "It is gone.");
    }
}
