// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.quarkus.test.common.http.TestHTTPResource;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without a socket; and what Prometheus sees of the broker in the application. */
class KaonMetersExtensionTest extends AbstractMetersTest {
    @RegisterExtension
    static final QuarkusUnitTest application = application()
            .setForcedDependencies(List.of(
                    Dependency.of("io.quarkus", "quarkus-micrometer-registry-prometheus", Version.getVersion())));

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final int RECORDS = 23;
    private static final int SEEN = 8;

    @TestHTTPResource("/q/metrics")
    URL page;

    @Test
    void shouldShowTheBrokerToo() {
        // Then
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(super.application
                        .registry
                        .find("kaon.log.partitions.open")
                        .gauges())
                .singleElement()
                .satisfies(gauge -> assertThat(gauge.value()).isPositive()));
    }

    @Test
    void shouldGivePrometheusTheNamesAndNumbersThatDashboardsExpect() {
        // Given
        String servers = ConfigProvider.getConfig().getValue("kafka.bootstrap.servers", String.class);

        // When
        produce(servers);
        consume(servers);

        // Then
        await().atMost(PATIENCE).untilAsserted(() -> {
            String text = scrape();
            assertThat(value(text, "kafka_server_brokertopicmetrics_messagesin_total", "topic=\"scraped\""))
                    .isEqualTo(RECORDS);
            assertThat(value(text, "kafka_server_brokertopicmetrics_bytesin_total", "topic=\"scraped\""))
                    .isEqualTo(value(text, "kafka_log_log_size", "topic=\"scraped\""));
            assertThat(value(text, "kafka_consumergroup_lag", "consumergroup=\"scraper\""))
                    .isEqualTo(RECORDS - SEEN);
            assertThat(value(text, "kafka_consumergroup_lag_sum", "consumergroup=\"scraper\""))
                    .isEqualTo(RECORDS - SEEN);
            assertThat(value(text, "kafka_topic_partition_current_offset", "topic=\"scraped\""))
                    .isEqualTo(RECORDS);
            assertThat(value(text, "kafka_network_requestmetrics_totaltimems", "request=\"Produce\""))
                    .isPositive();
            assertThat(value(text, "kafka_controller_kafkacontroller_activecontrollercount", ""))
                    .isEqualTo(1);
            assertThat(value(text, "kaon_log_partitions_open", "")).isPositive();
            for (String name : List.of(
                    "kafka_server_replicamanager_leadercount",
                    "kafka_server_replicamanager_partitioncount",
                    "kafka_server_replicamanager_underreplicatedpartitions",
                    "kafka_server_replicamanager_underminisrpartitioncount",
                    "kafka_controller_kafkacontroller_offlinepartitionscount",
                    "kafka_controller_controllerstats_uncleanleaderelections_total",
                    "kafka_cluster_partition_replicascount",
                    "kafka_cluster_partition_atminisr",
                    "kafka_cluster_partition_underminisr",
                    "kafka_server_brokertopicmetrics_bytesout_total",
                    "kafka_server_brokertopicmetrics_totalproducerequests_total",
                    "kafka_server_brokertopicmetrics_failedproducerequests_total",
                    "kafka_server_brokertopicmetrics_totalfetchrequests_total",
                    "kafka_server_brokertopicmetrics_failedfetchrequests_total",
                    "kafka_network_socketserver_networkprocessoravgidle_percent",
                    "kafka_server_kafkarequesthandlerpool_requesthandleravgidle_percent",
                    "kafka_server_socket_server_metrics_connection_count",
                    "kafka_server_socket_server_metrics_connection_creation_total",
                    "kafka_network_requestmetrics_requests_total",
                    "kafka_network_requestmetrics_totaltimems_count",
                    "kafka_log_logmanager_offlinelogdirectorycount",
                    "kafka_brokers",
                    "kafka_exporter_build_info",
                    "kafka_topic_partitions",
                    "kafka_topic_partition_leader_is_preferred",
                    "kafka_topic_partition_under_replicated_partition",
                    "kafka_consumergroup_members",
                    "process_open_fds",
                    "jvm_memory_bytes_used",
                    "jvm_memory_used_bytes",
                    "jvm_gc_collection_seconds_sum",
                    "jvm_gc_collection_seconds_count",
                    "jvm_threads_current",
                    "kaon_channel_records_received_total",
                    "kaon_channel_records_inflight")) {
                assertThat(value(text, name, "")).as(name).isNotNaN();
            }
        });
    }

    private static void produce(String servers) {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, servers),
                new StringSerializer(),
                new StringSerializer())) {
            for (int number = 0; number < RECORDS; number++) {
                producer.send(new ProducerRecord<>("scraped", 0, null, "record " + number));
            }
        }
    }

    private static void consume(String servers) {
        TopicPartition partition = new TopicPartition("scraped", 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, servers,
                        ConsumerConfig.GROUP_ID_CONFIG, "scraper",
                        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.commitSync(Map.of(partition, new OffsetAndMetadata(SEEN)));
        }
    }

    private String scrape() throws IOException {
        try (InputStream in = page.openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Of the first line with that name and these labels; not a number when there is none. */
    private static double value(String text, String name, String labels) {
        Matcher line = Pattern.compile("^" + name + "(\\{[^}]*" + labels + "[^}]*})? (\\S+)$", Pattern.MULTILINE)
                .matcher(text);
        return line.find() ? Double.parseDouble(line.group(2)) : Double.NaN;
    }
}
