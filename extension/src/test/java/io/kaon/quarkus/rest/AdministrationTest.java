// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The operations of the convention against a broker. {@link RestServer} holds each answer to its schema. */
class AdministrationTest {
    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.of(AdministrationTest::groups);
    }

    static List<OperationGroup> groups(AdminConnection connection) {
        return List.of(
                new ClustersGroup(connection),
                new TopicsGroup(connection),
                new ConfigsGroup(connection),
                new PartitionsGroup(connection),
                new BrokersGroup(connection),
                new ConsumerGroupsGroup(connection),
                new LagsGroup(connection),
                new AclsGroup(connection),
                new RecordsGroup(connection),
                new RecordOrdersGroup(connection),
                new RecordStreamsGroup(connection),
                new LongWorkGroup(connection),
                new ConsumerGroupOrdersGroup(connection),
                new LogDirsGroup(connection),
                new TransactionsGroup(connection));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static String topics() {
        return server.inCluster("/topics");
    }

    private static JsonNode make(String name, int partitions) {
        return server.post(topics(), "{\"topic_name\":\"%s\",\"partitions_count\":%d}".formatted(name, partitions))
                .json(201);
    }

    @Test
    void shouldMakeATopicAndTellWhereItIs() {
        // When
        RestServer.Response made = server.post(
                topics(),
                """
                {"topic_name":"orders","partitions_count":3,"replication_factor":1,
                 "configs":[{"name":"cleanup.policy","value":"compact"}]}
                """);

        // Then
        JsonNode topic = made.json(201);
        assertThat(topic.at("/partitions_count").asInt()).isEqualTo(3);
        assertThat(topic.at("/cleanup_policy").asText()).isEqualTo("compact");
        assertThat(made.headers().firstValue("Location"))
                .hasValue(topic.at("/metadata/self").asText());
        assertThat(server.get(topics() + "/orders").json(200)).isEqualTo(topic);
    }

    @Test
    void shouldOnlyCheckATopicWhenAskedTo() {
        // When
        RestServer.Response checked = server.post(topics(), "{\"topic_name\":\"checked\",\"validate_only\":true}");

        // Then
        assertThat(checked.status()).isEqualTo(204);
        assertThat(server.get(topics() + "/checked").json(404).at("/error_code").asInt())
                .isEqualTo(40403);
    }

    @Test
    void shouldTellWhyTheBrokerRefusesATopic() {
        // Given
        make("twice", 1);

        // When
        JsonNode problem = server.post(topics(), "{\"topic_name\":\"twice\"}").json(400);

        // Then
        assertThat(problem.at("/error_code").asInt()).isEqualTo(40002);
        assertThat(problem.at("/detail").asText()).contains("twice");
        assertThat(problem.at("/message")).isEqualTo(problem.at("/detail"));
    }

    @Test
    void shouldNameEachFieldThatIsWrong() {
        // When
        List<String> fields = server.post(
                        topics(),
                        """
                        {"topic_name":17,"partitions_count":0,"colour":"red",
                         "configs":[{"name":"retention.ms"},{"name":"a","value":"b","more":1}]}
                        """)
                .wrongFields();

        // Then
        assertThat(fields)
                .containsExactlyInAnyOrder(
                        "topic_name", "partitions_count", "colour", "configs[0].value", "configs[1].more");
    }

    @Test
    void shouldSayWhereABodyIsNoJson() {
        // When
        JsonNode problem = server.post(topics(), "{\"topic_name\": oops}").json(400);

        // Then
        assertThat(problem.at("/errors/0/field").asText()).isEqualTo("body");
        assertThat(problem.at("/detail").asText()).contains("line 1");
    }

    @Test
    void shouldWidenATopicButNotNarrowIt() {
        // Given
        make("wide", 2);

        // When
        JsonNode wider =
                server.patch(topics() + "/wide", "{\"partitions_count\":5}").json(200);
        JsonNode problem =
                server.patch(topics() + "/wide", "{\"partitions_count\":1}").json(400);

        // Then
        assertThat(wider.at("/partitions_count").asInt()).isEqualTo(5);
        assertThat(problem.at("/error_code").asInt()).isEqualTo(40002);
    }

    @Test
    void shouldDeleteATopic() {
        // Given
        make("gone", 1);

        // When
        int status = server.delete(topics() + "/gone").status();

        // Then
        assertThat(status).isEqualTo(204);
        assertThat(server.get(topics() + "/gone").status()).isEqualTo(404);
        assertThat(server.delete(topics() + "/gone").status()).isEqualTo(404);
    }

    @Test
    void shouldListTopicsInPages() {
        // Given
        for (int i = 0; i < 5; i++) {
            make("paged-" + i, 1);
        }

        // When
        List<String> names = new ArrayList<>();
        String next = topics() + "?search=PAGED&page_size=2";
        int pages = 0;
        while (!next.isEmpty()) {
            JsonNode page = server.get(next).json(200);
            page.at("/data").forEach(topic -> names.add(topic.at("/topic_name").asText()));
            next = page.at("/metadata/next").asText("").replaceFirst(".*/v3", "");
            pages++;
        }

        // Then
        assertThat(names).containsExactly("paged-0", "paged-1", "paged-2", "paged-3", "paged-4");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void shouldRefuseParametersThatItDoesNotKnowOrThatAreOutOfRange() {
        // When
        List<String> fields = server.get(topics() + "?page_size=5000&internal=maybe&colour=red&page_token=%21")
                .wrongFields();

        // Then
        assertThat(fields).containsExactlyInAnyOrder("page_size", "internal", "colour");
        assertThat(server.get(topics() + "?page_token=%21").wrongFields()).containsExactly("page_token");
    }

    @Test
    void shouldSetAndTakeBackASettingOfATopic() {
        // Given
        make("settings", 1);
        String setting = topics() + "/settings/configs/retention.ms";

        // When
        int status = server.put(setting, "{\"value\":\"60000\"}").status();
        JsonNode set = server.get(setting).json(200);
        server.delete(setting);
        JsonNode reset = server.get(setting).json(200);

        // Then
        assertThat(status).isEqualTo(204);
        assertThat(set.at("/value").asText()).isEqualTo("60000");
        assertThat(set.at("/source").asText()).isEqualTo("DYNAMIC_TOPIC_CONFIG");
        assertThat(set.at("/is_default").asBoolean()).isFalse();
        assertThat(reset.at("/is_default").asBoolean()).isTrue();
        assertThat(set.at("/metadata/self").asText()).endsWith(setting);
    }

    @Test
    void shouldChangeSeveralSettingsOrNone() {
        // Given
        make("altered", 1);
        String configs = topics() + "/altered/configs";

        // When
        JsonNode problem = server.post(
                        configs + ":alter",
                        """
                        {"data":[{"name":"retention.ms","value":"60000"},{"name":"no.such.setting","value":"1"}]}
                        """)
                .json(400);
        int checked = server.post(
                        configs + ":alter",
                        """
                        {"data":[{"name":"retention.ms","value":"60000"}],"validate_only":true}
                        """)
                .status();
        JsonNode untouched = server.get(configs + "/retention.ms").json(200);
        int altered = server.post(
                        configs + ":alter",
                        """
                        {"data":[{"name":"retention.ms","value":"60000"},
                                 {"name":"cleanup.policy","operation":"DELETE"}]}
                        """)
                .status();

        // Then
        assertThat(problem.at("/detail").asText()).contains("no.such.setting");
        assertThat(checked).isEqualTo(204);
        assertThat(untouched.at("/is_default").asBoolean()).isTrue();
        assertThat(altered).isEqualTo(204);
        assertThat(server.get(configs + "/retention.ms").json(200).at("/value").asText())
                .isEqualTo("60000");
    }

    @Test
    void shouldNotKnowSettingsOfTopicsThatAreNotThere() {
        assertThat(server.get(topics() + "/nowhere/configs")
                        .json(404)
                        .at("/error_code")
                        .asInt())
                .isEqualTo(40403);
        make("somewhere", 1);
        assertThat(server.get(topics() + "/somewhere/configs/no.such.setting").status())
                .isEqualTo(404);
    }

    @Test
    void shouldTellTheSettingsOfABrokerAndOfAll() {
        // When
        JsonNode broker = server.get(server.inCluster("/brokers/0/configs?page_size=1000"))
                .json(200);
        int set = server.put(server.inCluster("/broker-configs/log.retention.bytes"), "{\"value\":\"70000\"}")
                .status();
        JsonNode all = server.get(server.inCluster("/broker-configs/log.retention.bytes"))
                .json(200);

        // Then
        assertThat(broker.at("/data").findValuesAsText("name")).contains("num.partitions");
        assertThat(set).isEqualTo(204);
        assertThat(all.at("/value").asText()).isEqualTo("70000");
    }

    @Test
    void shouldTellBrokers() {
        // When
        JsonNode brokers = server.get(server.inCluster("/brokers")).json(200);

        // Then
        assertThat(brokers.at("/data/0/port").asInt()).isEqualTo(server.broker().port());
        assertThat(server.get(server.inCluster("/brokers/0")).json(200)).isEqualTo(brokers.at("/data/0"));
        assertThat(server.get(server.inCluster("/brokers/7")).status()).isEqualTo(404);
        assertThat(server.get(server.inCluster("/brokers/x")).wrongFields()).containsExactly("broker_id");
    }

    @Test
    void shouldTellThatThereIsNoAccessControl() {
        // When
        JsonNode acls = server.get(server.inCluster("/acls")).json(200);

        // Then
        assertThat(acls.at("/is_enabled").asBoolean()).isFalse();
        assertThat(acls.at("/data")).isEmpty();
    }

    @Test
    void shouldTellWhatPartitionsHold() throws Exception {
        // Given
        make("held", 2);
        produce("held", 1, 4);

        // When
        JsonNode partitions = server.get(topics() + "/held/partitions").json(200);
        JsonNode topic = server.get(topics() + "/held").json(200);
        JsonNode replicas = server.get(topics() + "/held/partitions/1/replicas").json(200);

        // Then
        assertThat(partitions.at("/data/1/log_end_offset").asLong()).isEqualTo(4);
        assertThat(partitions.at("/data/0/records").asLong()).isZero();
        assertThat(topic.at("/records").asLong()).isEqualTo(4);
        assertThat(topic.at("/size_bytes").asLong()).isPositive();
        assertThat(replicas.at("/data/0/is_leader").asBoolean()).isTrue();
        assertThat(server.get(topics() + "/held/partitions/1").json(200)).isEqualTo(partitions.at("/data/1"));
        assertThat(server.get(topics() + "/held/partitions/9")
                        .json(404)
                        .at("/error_code")
                        .asInt())
                .isEqualTo(40403);
    }

    @Test
    void shouldTellGroupsMembersAndLags() throws Exception {
        // Given
        String id = "a/group:with signs";
        String group = server.inCluster("/consumer-groups/a%2Fgroup%3Awith%20signs");
        make("read", 1);
        produce("read", 0, 5);

        for (String protocol : List.of("classic", "consumer")) {
            try (KafkaConsumer<String, String> consumer = consumer(id, protocol)) {
                consumer.subscribe(List.of("read"));
                while (consumer.poll(Duration.ofMillis(100)).isEmpty()) {
                    // Until it has joined.
                }
                consumer.commitSync(Map.of(
                        new org.apache.kafka.common.TopicPartition("read", 0),
                        new org.apache.kafka.clients.consumer.OffsetAndMetadata(2)));

                // When
                JsonNode found = server.get(group).json(200);
                JsonNode listed = server.get(server.inCluster("/consumer-groups?search=WITH"))
                        .json(200);
                JsonNode members = server.get(group + "/consumers").json(200);
                String member = members.at("/data/0/consumer_id").asText();
                String ofMember =
                        group + "/consumers/" + URLEncoder.encode(member, UTF_8).replace("+", "%20");
                JsonNode assignments = server.get(ofMember + "/assignments").json(200);
                JsonNode lag = server.get(group + "/lags/read/partitions/0").json(200);
                JsonNode summary = server.get(group + "/lag-summary").json(200);

                // Then
                assertThat(found.at("/consumer_group_id").asText()).isEqualTo(id);
                assertThat(found.at("/state").asText()).isEqualTo("STABLE");
                assertThat(found.at("/type").asText()).isEqualToIgnoringCase(protocol);
                assertThat(found.at("/total_lag").asLong()).isEqualTo(3);
                assertThat(found.at("/topics/0").asText()).isEqualTo("read");
                assertThat(listed.at("/data/0")).isEqualTo(found);
                assertThat(server.get(ofMember).json(200)).isEqualTo(members.at("/data/0"));
                assertThat(assignments.at("/data/0/topic_name").asText()).isEqualTo("read");
                assertThat(lag.at("/lag").asLong()).isEqualTo(3);
                assertThat(lag.at("/consumer_id").asText()).isEqualTo(member);
                assertThat(server.get(group + "/lags").json(200).at("/data/0")).isEqualTo(lag);
                assertThat(summary.at("/max_lag_consumer_id").asText()).isEqualTo(member);
                assertThat(summary.at("/max_lag_topic_name").asText()).isEqualTo("read");
            }
        }
    }

    @Test
    void shouldNotKnowGroupsThatAreNotThere() {
        assertThat(server.get(server.inCluster("/consumer-groups/nobody")).status())
                .isEqualTo(404);
        assertThat(server.get(server.inCluster("/consumer-groups/nobody/lags")).status())
                .isEqualTo(404);
        assertThat(server.get(server.inCluster("/consumer-groups/nobody/consumers"))
                        .status())
                .isEqualTo(404);
    }

    private static void produce(String topic, int partition, int count) throws Exception {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", server.broker().bootstrapServers());
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>(topic, partition, null, "record " + i))
                        .get(10, TimeUnit.SECONDS);
            }
        }
    }

    private static KafkaConsumer<String, String> consumer(String group, String protocol) {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        server.broker().bootstrapServers(),
                        "group.id",
                        group,
                        "group.protocol",
                        protocol,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        "false"),
                new StringDeserializer(),
                new StringDeserializer());
    }
}
