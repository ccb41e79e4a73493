// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.dev.console.DevConsoleManager;
import io.quarkus.test.QuarkusDevModeTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What happens to topics and records when the settings of the broker, or the files of records, are edited. */
class BrokerSettingsDevModeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition PRICES = new TopicPartition("prices", 0);

    @RegisterExtension
    static final QuarkusDevModeTest dev = new QuarkusDevModeTest()
            .withApplicationRoot(jar -> jar.addClasses(SeedApplication.class, ReloadApplication.class)
                    .addAsResource(new StringAsset("{\"key\": \"EUR\", \"value\": 1}\n"), "prices.jsonl")
                    .addAsResource(
                            new StringAsset("mp.messaging.incoming.prices.auto.offset.reset=earliest\n"
                                    + "quarkus.kaon.broker.topics.prices.records-file=prices.jsonl\n"),
                            "application.properties"));

    private Admin admin;

    @BeforeEach
    void connect() {
        System.clearProperty(SeedApplication.SEEN);
        admin = Admin.create(Map.of("bootstrap.servers", System.getProperty(ReloadApplication.ADDRESS)));
    }

    @AfterEach
    void forget() {
        admin.close();
        System.clearProperty(SeedApplication.SEEN);
        System.getProperties().remove(ReloadApplication.LOADERS);
        System.clearProperty(ReloadApplication.ADDRESS);
    }

    @Test
    void shouldReplaceSeededRecordsWhenTheirFileIsEdited() throws Exception {
        // Given
        await().atMost(PATIENCE).until(() -> seen().contains("EUR=1"));

        // When
        dev.modifyResourceFile("prices.jsonl", text -> "{\"key\": \"USD\", \"value\": 2}\n");
        reload();

        // Then
        await().atMost(PATIENCE).until(() -> seen().contains("USD=2"));
        assertThat(seen()).filteredOn("EUR=1"::equals).hasSize(1);
        assertThat(offset(OffsetSpec.earliest())).isEqualTo(1);
        assertThat(offset(OffsetSpec.latest())).isEqualTo(2);
    }

    @Test
    void shouldKeepTheBrokerWhenTopicsAreAddedAndItsDataWhenSettingsChange() throws Exception {
        // Given
        await().atMost(PATIENCE).until(() -> seen().contains("EUR=1"));
        String cluster = clusterId();

        // When
        edit("quarkus.kaon.broker.topics.added.partitions=3");
        edit("quarkus.kaon.broker.config.\"num.partitions\"=5");
        edit("quarkus.kaon.broker.topics.defaulted.config.\"retention.ms\"=60000");

        // Then
        assertThat(clusterId()).as("the same data directory").isEqualTo(cluster);
        assertThat(partitions("added")).isEqualTo(3);
        assertThat(partitions("defaulted")).isEqualTo(5);
        assertThat(offset(OffsetSpec.latest())).isEqualTo(1);
        assertThat(seen()).as("committed offsets stay, too").containsExactly("EUR=1");
    }

    private static void edit(String line) throws Exception {
        dev.modifyResourceFile("application.properties", text -> text + "\n" + line);
        reload();
    }

    private static void reload() throws Exception {
        assertThat(DevConsoleManager.getHotReplacementContext().doScan(true)).isTrue();
    }

    private static List<String> seen() {
        return List.of(System.getProperty(SeedApplication.SEEN, "").trim().split(" "));
    }

    private String clusterId() throws Exception {
        return admin.describeCluster().clusterId().get(30, TimeUnit.SECONDS);
    }

    private int partitions(String topic) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get(30, TimeUnit.SECONDS)
                .get(topic)
                .partitions()
                .size();
    }

    private long offset(OffsetSpec position) throws Exception {
        return admin.listOffsets(Map.of(PRICES, position))
                .partitionResult(PRICES)
                .get(30, TimeUnit.SECONDS)
                .offset();
    }
}
