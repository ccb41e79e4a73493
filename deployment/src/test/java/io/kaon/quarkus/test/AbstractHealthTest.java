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
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;

/** What /q/health tells of an application's channels. The subclasses say over which connector. */
abstract class AbstractHealthTest {
    private static final String CONFIG =
            """
            quarkus.application.name=health
            quarkus.http.test-port=0
            quarkus.log.category."org.apache.kafka".level=WARN
            quarkus.messaging.health."toggled-in".liveness.enabled=false
            quarkus.kaon.broker.topics.verified.partitions=1
            mp.messaging.outgoing.good-out.topic=good
            mp.messaging.incoming.good-in.topic=good
            mp.messaging.incoming.good-in.auto.offset.reset=earliest
            mp.messaging.outgoing.failing-out.topic=failing
            mp.messaging.incoming.failing-in.topic=failing
            mp.messaging.incoming.failing-in.group.id=failing
            mp.messaging.incoming.failing-in.auto.offset.reset=earliest
            mp.messaging.outgoing.stuck-out.topic=stuck
            mp.messaging.incoming.stuck-in.topic=stuck
            mp.messaging.incoming.stuck-in.group.id=stuck
            mp.messaging.incoming.stuck-in.auto.offset.reset=earliest
            mp.messaging.incoming.stuck-in.throttled.unprocessed-record-max-age.ms=1500
            mp.messaging.incoming.hidden-in.health-enabled=false
            mp.messaging.incoming.unready-in.health-readiness-enabled=false
            mp.messaging.incoming.verified-in.topic=verified
            mp.messaging.incoming.verified-in.health-topic-verification-enabled=true
            """;

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String MESSAGING = "SmallRye Reactive Messaging - ";
    private static final String BROKER = "kaon broker";

    @Inject
    HealthApplication application;

    @TestHTTPResource("/q/health/")
    URI health;

    static QuarkusUnitTest application(String... extensions) {
        List<Dependency> dependencies = Stream.concat(Stream.of("quarkus-smallrye-health"), Stream.of(extensions))
                .map(extension -> Dependency.of("io.quarkus", extension, Version.getVersion()))
                .toList();
        return new QuarkusUnitTest().setForcedDependencies(dependencies).withApplicationRoot(jar -> jar.addClasses(
                        HealthApplication.class, AbstractHealthTest.class, Elsewhere.class)
                .addAsResource(new StringAsset(CONFIG), "application.properties"));
    }

    @Test
    void shouldTellOfHealthyChannelsOfBothDirections() {
        // When
        application.good.send("pear");

        // Then
        await().atMost(PATIENCE).until(() -> application.goodIn.contains("pear"));
        for (String kind : List.of("started", "ready", "live")) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(channel(kind, "good-in")).as(kind).hasValue("[OK]");
                assertThat(channel(kind, "good-out")).as(kind).hasValue("[OK]");
            });
        }
    }

    @Test
    void shouldNameTheChannelThatFailedAndWhy() {
        // When
        application.failing.send("toadstools");

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(channel("live", "failing-in"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("[KO]").contains("cannot stomach")));
        assertThat(get("live").get("status").asText()).isEqualTo("DOWN");
        assertThat(channel("live", "good-in")).hasValue("[OK]");
    }

    @Test
    void shouldShowRecordThatIsHeldTooLong() {
        // When
        application.stuck.send("endless");

        // Then
        await().atMost(PATIENCE).until(() -> !application.held.isEmpty());
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(channel("live", "stuck-in"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("[KO]").contains("stuck-0")));
    }

    @Test
    void shouldLeaveOutWhatIsTurnedOff() {
        // Then
        for (String kind : List.of("started", "ready", "live")) {
            assertThat(channel(kind, "hidden-in")).as(kind).isEmpty();
        }
        assertThat(channel("live", "unready-in")).isPresent();
        assertThat(channel("ready", "unready-in")).isEmpty();
        assertThat(channel("live", "toggled-in")).isEmpty();
        assertThat(channel("ready", "toggled-in")).isPresent();
    }

    @Test
    void shouldAskTheBrokerWhereTopicsAreVerified() {
        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(channel("started", "verified-in")).hasValue("[OK]");
            assertThat(channel("ready", "verified-in")).hasValue("[OK]");
        });
    }

    /** What one kind of check says of one channel. */
    private Optional<String> channel(String kind, String name) {
        return check(kind, MESSAGING)
                .map(check -> check.path("data").path(name))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText);
    }

    /** What one kind of check says of the broker in this application. */
    Optional<JsonNode> broker(String kind) {
        return check(kind, BROKER);
    }

    private Optional<JsonNode> check(String kind, String name) {
        return StreamSupport.stream(get(kind).get("checks").spliterator(), false)
                .filter(check -> check.get("name").asText().startsWith(name))
                .findFirst();
    }

    private JsonNode get(String kind) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(health.resolve(kind)).build(), HttpResponse.BodyHandlers.ofString());
            return new ObjectMapper().readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
