// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.test.BesideKafkaApplication.Plum;
import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Both extensions, and channels on either connector: what is found for them, and one service for their clients. */
class BesideKafkaExtensionTest {
    private static final String CONFIG =
            """
            mp.messaging.outgoing.ours-out.connector=kaon
            mp.messaging.outgoing.ours-out.topic=ours
            mp.messaging.incoming.ours-in.connector=kaon
            mp.messaging.incoming.ours-in.topic=ours
            mp.messaging.incoming.ours-in.auto.offset.reset=earliest
            mp.messaging.outgoing.theirs-out.topic=theirs
            mp.messaging.incoming.theirs-in.topic=theirs
            mp.messaging.incoming.theirs-in.auto.offset.reset=earliest
            """;

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .setForcedDependencies(
                    List.of(Dependency.of("io.quarkus", "quarkus-messaging-kafka", Version.getVersion())))
            .withApplicationRoot(jar -> jar.addClass(BesideKafkaApplication.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .setLogRecordPredicate(record -> record.getLevel().intValue() >= Level.WARNING.intValue())
            .assertLogRecords(records ->
                    assertThat(records).extracting(LogRecord::getMessage).isEmpty());

    @Inject
    BesideKafkaApplication app;

    @Test
    void shouldCarryTypesOnBothConnectors() {
        for (MutinyEmitter<Record<Integer, Plum>> emitter : List.of(app.ours, app.theirs)) {
            emitter.sendAndAwait(Record.of(7, new Plum("blue")));
        }

        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            // Both channels are in one group, which forms anew when the second one comes: a record may come twice.
            assertThat(app.ourPlums).extracting(Record::value).containsOnly(new Plum("blue"));
            assertThat(app.theirPlums).extracting(Record::value).containsOnly(new Plum("blue"));
        });
    }

    /** The step of the other extension looks at all channels, so ours does not look at any. */
    @Test
    void shouldFindSerializersOnce() throws Exception {
        assertThat(setting("incoming.ours-in.connector")).isEqualTo("kaon");
        assertThat(setting("incoming.theirs-in.connector")).isEqualTo("smallrye-kafka");
        for (String channel : List.of("ours-in", "theirs-in")) {
            assertThat(setting("incoming." + channel + ".key.deserializer"))
                    .isEqualTo("org.apache.kafka.common.serialization.IntegerDeserializer");
            String reader = setting("incoming." + channel + ".value.deserializer");
            assertThat(reader).doesNotContain("_Kaon");
            assertThat(Thread.currentThread().getContextClassLoader().loadClass(reader))
                    .isNotNull();
            assertThat(setting("incoming." + channel + ".graceful-shutdown")).isEqualTo("false");
        }
        assertThat(Thread.currentThread()
                        .getContextClassLoader()
                        .getResource(Plum.class.getName().replace('.', '/') + "_KaonDeserializer.class"))
                .isNull();
    }

    @Test
    void shouldGiveClientsOfBothConnectors() {
        assertThat(app.clients.getConsumerChannels()).containsExactlyInAnyOrder("ours-in", "theirs-in");
        assertThat(app.clients.getProducerChannels()).containsExactlyInAnyOrder("ours-out", "theirs-out");
        assertThat(clientOf(app.clients.getConsumer("ours-in").unwrap())).isEqualTo("EmbeddedConsumer");
        assertThat(clientOf(app.clients.getConsumer("theirs-in").unwrap())).isEqualTo("KafkaConsumer");
        assertThat(clientOf(app.clients.getProducer("ours-out").unwrap())).isEqualTo("EmbeddedProducer");
        assertThat(clientOf(app.clients.getProducer("theirs-out").unwrap())).isEqualTo("KafkaProducer");
    }

    private static String clientOf(Object client) {
        return client.getClass().getSimpleName();
    }

    private static String setting(String name) {
        return ConfigProvider.getConfig().getValue("mp.messaging." + name, String.class);
    }
}
