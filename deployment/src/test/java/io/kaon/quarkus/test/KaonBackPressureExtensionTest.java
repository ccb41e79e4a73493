// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.mutiny.helpers.test.AssertSubscriber;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A consumer that asks for little is not given more: its partitions are paused until it asks again. */
class KaonBackPressureExtensionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int COUNT = 4_000;

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClass(SlowApplication.class)
                    .addAsResource(
                            new StringAsset(
                                    """
                                    mp.messaging.emitter.default-buffer-size=10000
                                    mp.messaging.outgoing.flood-out.topic=flood
                                    mp.messaging.incoming.flood-in.topic=flood
                                    mp.messaging.incoming.flood-in.auto.offset.reset=earliest
                                    mp.messaging.incoming.flood-in.max.poll.records=100
                                    """),
                            "application.properties"));

    @Inject
    SlowApplication app;

    @Inject
    @Connector(KaonConnector.CONNECTOR_NAME)
    KaonConnector connector;

    @Test
    void shouldPauseWhileNothingIsAskedForAndLoseNothing() throws Exception {
        // Given
        AssertSubscriber<Integer> slow = app.in.subscribe().withSubscriber(AssertSubscriber.create(10));
        CompletableFuture<?>[] sent = IntStream.range(0, COUNT)
                .mapToObj(number -> app.out.send(number).toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        CompletableFuture.allOf(sent).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);

        // When
        await().atMost(PATIENCE).until(() -> slow.getItems().size() == 10);
        await().atMost(PATIENCE).until(() -> !connector
                .getConsumer("flood-in")
                .paused()
                .await()
                .atMost(PATIENCE)
                .isEmpty());
        assertThat(slow.getItems()).hasSize(10);
        slow.request(Long.MAX_VALUE);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(slow.getItems()).hasSize(COUNT));
        assertThat(slow.getItems())
                .containsExactlyElementsOf(() -> IntStream.range(0, COUNT).iterator());
    }
}
