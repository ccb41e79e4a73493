// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;

/** What is known of an application's channels and what can be done with them, embedded and remote. */
abstract class AbstractMapTest {
    private static final String CONFIG =
            """
            quarkus.application.name=map
            quarkus.http.test-port=0
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.log.category."io.smallrye.reactive.messaging.provider".level=OFF
            mp.messaging.outgoing.orders-out.topic=orders
            mp.messaging.incoming.orders-in.topic=orders
            mp.messaging.incoming.orders-in.auto.offset.reset=earliest
            mp.messaging.incoming.orders-in.auto.commit.interval.ms=100
            mp.messaging.incoming.orders-in.failure-strategy=dead-letter-queue
            mp.messaging.incoming.orders-in.dead-letter-queue.topic=orders-dead
            mp.messaging.outgoing.bills-out.topic=bills
            mp.messaging.incoming.bills-in.topic=b.*
            mp.messaging.incoming.bills-in.pattern=true
            mp.messaging.outgoing.held-out.topic=held
            mp.messaging.incoming.held-in.topic=held
            mp.messaging.incoming.held-in.group.id=held
            mp.messaging.incoming.held-in.auto.offset.reset=earliest
            mp.messaging.incoming.held-in.auto.commit.interval.ms=100
            mp.messaging.incoming.held-in.heartbeat.interval.ms=100
            mp.messaging.incoming.held-in.poll-timeout=200
            mp.messaging.outgoing.retried-out.topic=retried
            mp.messaging.incoming.retried-in.topic=retried
            mp.messaging.incoming.retried-in.auto.offset.reset=earliest
            mp.messaging.incoming.retried-in.failure-strategy=delayed-retry-topic
            mp.messaging.incoming.retried-in.delayed-retry-topic.topics=retried_100
            mp.messaging.incoming.retried-in.dead-letter-queue.topic=retried-dead
            """;

    static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final Duration A_WHILE = Duration.ofMillis(1_500);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Inject
    MapApplication application;

    @TestHTTPResource("/v3")
    URI api;

    private final HttpClient http = HttpClient.newHttpClient();

    static QuarkusUnitTest application() {
        return new QuarkusUnitTest()
                .setForcedDependencies(List.of(Dependency.of("io.quarkus", "quarkus-vertx-http", Version.getVersion())))
                .withApplicationRoot(jar -> jar.addClasses(MapApplication.class, AbstractMapTest.class, Elsewhere.class)
                        .addAsResource(new StringAsset(CONFIG), "application.properties"));
    }

    abstract boolean isEmbedded();

    @Test
    void shouldShowEachChannelWithItsTopicsMethodsAndStrategies() throws Exception {
        // When
        JsonNode map = get("/application");

        // Then
        assertThat(map.path("name").asText()).isEqualTo("map");
        JsonNode orders = channel("orders-in");
        assertThat(orders.path("direction").asText()).isEqualTo("incoming");
        assertThat(orders.path("connector").asText()).isEqualTo("kaon");
        assertThat(orders.path("embedded").asBoolean()).isEqualTo(isEmbedded());
        assertThat(texts(orders.path("topics"))).containsExactly("orders");
        assertThat(orders.path("group").asText()).isEqualTo("map");
        assertThat(texts(orders.path("methods"))).containsExactly(MapApplication.class.getName() + "#process");
        assertThat(orders.path("commit_strategy").asText()).isEqualTo("throttled");
        assertThat(orders.path("failure_strategy").asText()).isEqualTo("dead-letter-queue");
        assertThat(orders.path("dead_letter_topic").asText()).isEqualTo("orders-dead");
        assertThat(orders.path("can_pause").asBoolean()).isTrue();
        assertThat(channel("bills-in").path("topic_pattern").asText()).isEqualTo("b.*");
        assertThat(channel("prices").path("direction").asText()).isEqualTo("internal");
        assertThat(channel("prices").path("connector").isNull()).isTrue();
        assertThat(channel("prices").path("can_pause").asBoolean()).isFalse();
        assertThat(texts(channel("orders-out").path("emitters")))
                .containsExactly(MapApplication.class.getName() + "#orders");
        assertThat(texts(channel("retried-in").path("retry_topics"))).containsExactly("retried_100");
    }

    @Test
    void shouldLinkChannelsByTheirTopics() throws Exception {
        // When
        List<String> links = StreamSupport.stream(
                        get("/application").path("links").spliterator(), false)
                .map(link -> link.path("from").asText() + " > "
                        + link.path("topic").asText() + " > " + link.path("to").asText() + " "
                        + link.path("purpose").asText())
                .toList();

        // Then
        assertThat(links)
                .contains(
                        "orders-out > orders > orders-in records",
                        "bills-out > bills > bills-in records",
                        "orders-in > orders-dead > null dead_letters",
                        "retried-in > retried_100 > retried-in retries");
    }

    @Test
    void shouldGiveNothingWhilePausedAndGoOnWhenResumed() throws Exception {
        // Given
        application.held.send("before");
        await().atMost(PATIENCE).until(() -> application.heldIn.contains("before"));

        // When
        JsonNode paused = post("/application/channels/held-in:pause", 200);

        // Then
        assertThat(paused.path("paused").asBoolean()).isTrue();
        assertThat(application.connector.getReadiness().getChannels())
                .filteredOn(channel -> channel.getChannel().equals("held-in"))
                .singleElement()
                .satisfies(channel -> assertThat(channel.isOk()).isTrue())
                .satisfies(channel -> assertThat(channel.getMessage()).startsWith("paused"));
        awaitPausedPartitions();
        application.held.send("one").toCompletableFuture().get();
        application.held.send("two").toCompletableFuture().get();
        await().during(A_WHILE).atMost(PATIENCE).untilAsserted(() -> assertThat(application.heldIn)
                .doesNotContain("one", "two"));
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(channel("held-in").path("lag").asLong()).isEqualTo(2));
        assertThat(post("/application/channels/held-in:resume", 200)
                        .path("paused")
                        .asBoolean())
                .isFalse();
        await().atMost(PATIENCE).until(() -> application.heldIn.containsAll(List.of("one", "two")));
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode now = channel("held-in");
            assertThat(now.path("lag").asLong(-1)).isZero();
            assertThat(now.path("in_flight").asLong(-1)).isZero();
            assertThat(now.path("acknowledged").asLong()).isGreaterThanOrEqualTo(3);
            assertThat(now.path("rate_per_second").isNumber()).isTrue();
        });
    }

    @Test
    void shouldStayPausedWhenPartitionsComeAndGo() throws Exception {
        // Given
        application.held.send("again").toCompletableFuture().get();
        await().atMost(PATIENCE).until(() -> application.heldIn.contains("again"));
        application.pauses.pause("held-in");
        awaitPausedPartitions();

        // When
        try (KafkaConsumer<String, String> other = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrapServers(), "group.id", "held", "enable.auto.commit", "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            other.subscribe(Set.of("held"));
            await().atMost(PATIENCE).until(() -> {
                other.poll(Duration.ofMillis(50));
                return !other.assignment().isEmpty();
            });
        }
        application.held.send("later").toCompletableFuture().get();

        // Then
        await().during(A_WHILE).atMost(PATIENCE).untilAsserted(() -> assertThat(application.heldIn)
                .doesNotContain("later"));
        application.pauses.resume("held-in");
        await().atMost(PATIENCE).until(() -> application.heldIn.contains("later"));
    }

    /** By TCP a record that the channel has asked for already still comes, until then. */
    private void awaitPausedPartitions() {
        await().atMost(PATIENCE).until(() -> !application
                .connector
                .getConsumers("held-in")
                .get(0)
                .paused()
                .await()
                .atMost(PATIENCE)
                .isEmpty());
    }

    @Test
    void shouldRefuseToPauseWhatCannotBe() throws Exception {
        // Then
        assertThat(post("/application/channels/orders-out:pause", 409)
                        .path("detail")
                        .asText())
                .contains("'orders-out' cannot be paused");
        assertThat(post("/application/channels/nothing:resume", 404)
                        .path("detail")
                        .asText())
                .contains("'nothing'");
    }

    @Test
    void shouldReplayDeadLetters() throws Exception {
        // Given
        String letters = "/application/channels/orders-in/dead-letters";
        application.refused.addAll(Set.of("pear", "plum", "fig"));
        for (String order : List.of("pear", "plum", "fig")) {
            application.orders.send(order).toCompletableFuture().get();
        }
        await().atMost(PATIENCE).until(() -> get(letters).path("data").size() == 3);
        await().atMost(PATIENCE)
                .until(() -> channel("orders-in").path("dead_letters").asLong(-1) == 3);

        // Then: what they are
        JsonNode newest = get(letters + "?limit=1").path("data").path(0);
        assertThat(newest.path("record").path("value").path("data").asText()).isEqualTo("fig");
        assertThat(newest.path("reason").asText()).isEqualTo("no price for fig");
        assertThat(newest.path("cause_class").asText()).isEqualTo(IllegalStateException.class.getName());
        assertThat(newest.path("original").path("topic").asText()).isEqualTo("orders");
        assertThat(newest.path("replayed").asBoolean()).isFalse();
        JsonNode page = get(letters + "?limit=2").path("page");
        assertThat(get(letters + "?cursor=" + page.path("older").asText()).path("data"))
                .hasSize(1);

        // When: one of them, which is taken now, and the others, one of which is not
        application.refused.removeAll(Set.of("pear", "fig"));
        Map<String, Object> place = Map.of(
                "partition_id",
                0,
                "offset",
                newest.path("record").path("offset").asLong());
        assertThat(post(letters + ":replay", Map.of("records", List.of(place)), 202)
                        .path("work")
                        .asText())
                .isEqualTo("replay");
        await().atMost(PATIENCE).until(() -> application.processed.contains("fig"));
        await().atMost(PATIENCE)
                .until(() -> get(letters).path("data").path(0).path("replayed").asBoolean());
        await().atMost(PATIENCE).untilAsserted(() -> post(letters + ":replay", Map.of("all", true), 202));

        // Then
        await().atMost(PATIENCE).until(() -> application.processed.contains("pear"));
        await().atMost(PATIENCE).until(() -> get(letters).path("data").size() == 4);
        JsonNode again = get(letters).path("data").path(0);
        assertThat(again.path("record").path("value").path("data").asText()).isEqualTo("plum");
        assertThat(again.path("replays").asInt()).isEqualTo(1);
        assertThat(again.path("replayed").asBoolean()).isFalse();
        assertThat(application.processed.stream().filter("fig"::equals)).hasSize(1);
        await().atMost(PATIENCE)
                .until(() -> channel("orders-in").path("dead_letters").asLong(-1) == 1);
    }

    @Test
    void shouldShowRecordsThatWaitToBeTriedAgain() throws Exception {
        // Given
        application.refused.add("kiwi");
        application.retried.send("kiwi").toCompletableFuture().get();
        String letters = "/application/channels/retried-in/dead-letters";

        // Then
        await().atMost(PATIENCE).until(() -> get(letters).path("data").size() == 1);
        JsonNode waiting = get(letters + "?topic=retried_100").path("data").path(0);
        assertThat(waiting.path("reason").asText()).isEqualTo("not yet");
        JsonNode dead = get(letters).path("data").path(0);
        assertThat(dead.path("original").path("topic").asText()).isEqualTo("retried");
        assertThat(dead.path("retries").asInt()).isEqualTo(1);
        application.refused.remove("kiwi");
        post(letters + ":replay", Map.of("all", true), 202);
        await().atMost(PATIENCE).until(() -> application.tried.size() == 3);
        await().during(A_WHILE).atMost(PATIENCE).until(() -> application.tried.size() == 3);
    }

    @Test
    void shouldRefuseDeadLettersOfChannelsThatKeepNone() throws Exception {
        // Then
        send(
                HttpRequest.newBuilder(URI.create(api + "/application/channels/held-in/dead-letters"))
                        .GET(),
                404);
        send(
                HttpRequest.newBuilder(URI.create(api + "/application/channels/orders-in/dead-letters?topic=bills"))
                        .GET(),
                404);
        assertThat(post("/application/channels/orders-in/dead-letters:replay", Map.of(), 400)
                        .path("errors")
                        .findValuesAsText("field"))
                .containsExactly("records");
    }

    // --- what tests ask

    private JsonNode channel(String name) throws IOException, InterruptedException {
        return StreamSupport.stream(get("/application").path("channels").spliterator(), false)
                .filter(channel -> channel.path("channel").asText().equals(name))
                .findFirst()
                .orElseThrow();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(api + path)).GET(), 200);
    }

    JsonNode post(String path, int status) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(api + path)).POST(HttpRequest.BodyPublishers.noBody()), status);
    }

    JsonNode post(String path, Map<String, Object> body, int status) throws IOException, InterruptedException {
        return send(
                HttpRequest.newBuilder(URI.create(api + path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(new HashMap<>(body)))),
                status);
    }

    private JsonNode send(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readTree(answer.body());
    }

    static List<String> texts(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static String bootstrapServers() {
        return ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);
    }
}
