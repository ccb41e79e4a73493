// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.kaon.broker.TopicSpec;
import io.kaon.network.InJvmCaller;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordHeader;
import io.kaon.telemetry.LongWork;
import io.kaon.wire.BufferRecords;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceRequest.PartitionProduceData;
import io.kaon.wire.message.ProduceRequest.TopicProduceData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RecordsGroupTest {
    private static RestServer server;

    @BeforeAll
    static void start() {
        server = RestServer.of(connection -> List.of(
                new RecordsGroup(connection),
                new RecordStreamsGroup(connection),
                new RecordOrdersGroup(connection),
                new LongWorkGroup(connection)));
        topic("empty", 2);
        topic("orders", 2);
        RecordBatchBuilder batch = RecordBatchBuilder.uncompressed();
        for (int number = 0; number < 120; number++) {
            batch.append(1_000_000L + number, bytes("k" + number), bytes("{\"number\": " + number + "}"));
        }
        write("orders", 0, batch);
        write(
                "orders",
                1,
                RecordBatchBuilder.uncompressed()
                        .append(
                                2_000_000,
                                null,
                                ByteBuffer.wrap(new byte[] {1, 2, (byte) 0xff}),
                                List.of(new RecordHeader("trace", ByteBuffer.wrap(bytes("abc")))))
                        .append(-1, bytes("gone"), (byte[]) null));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void shouldShowTheNewestRecordsWithTheFormOfEachValue() {
        // When
        JsonNode page = server.get(records("orders", "?limit=3")).json(200);

        // Then
        assertThat(page.at("/page/order").asText()).isEqualTo("newest_first");
        assertThat(page.at("/page/newer").isNull()).isTrue();
        assertThat(page.at("/page/complete").asBoolean()).isTrue();
        assertThat(page.at("/data").findValuesAsText("partition_id")).containsExactly("0", "0", "0");
        assertThat(page.at("/data/0/key/data").asText()).isEqualTo("k119");
        assertThat(page.at("/data/0/value/type").asText()).isEqualTo("JSON");
        assertThat(page.at("/data/0/timestamp").asText()).isEqualTo("1970-01-01T00:16:40.119Z");
        JsonNode other = server.get(records("orders", "?limit=3&partition=1")).json(200);
        assertThat(other.at("/data/0/timestamp").isNull()).isTrue();
        assertThat(other.at("/data/0/value/type").asText()).isEqualTo("NULL");
        assertThat(other.at("/data/0/value/data").isNull()).isTrue();
        assertThat(other.at("/data/1/value/data").asText()).isEqualTo("0102ff");
        assertThat(other.at("/data/1/headers/0/value/data").asText()).isEqualTo("abc");
    }

    @Test
    void shouldGoOnWithACursorAndJump() {
        // Given
        JsonNode page = server.get(records("orders", "?limit=100&position=oldest&partition=0"))
                .json(200);

        // When
        JsonNode next = server.get(records(
                        "orders",
                        "?limit=100&partition=0&cursor="
                                + page.at("/page/newer").asText()))
                .json(200);
        JsonNode byTime = server.get(
                        records("orders", "?limit=1&position=timestamp&timestamp=1970-01-01T00:16:40.050Z"))
                .json(200);
        JsonNode byOffset = server.get(records("orders", "?limit=1&position=offset&offset=7&partition=0"))
                .json(200);

        // Then
        assertThat(next.at("/data")).hasSize(20);
        assertThat(next.at("/page/newer").isNull()).isTrue();
        assertThat(byTime.at("/data/0/offset").asInt()).isEqualTo(50);
        assertThat(byOffset.at("/data/0/offset").asInt()).isEqualTo(7);
    }

    @Test
    void shouldSearchAndSayHowFar() {
        // When
        JsonNode page = server.get(records("orders", "?search=NUMBER%22%3A%2011&search_in=value&scan_limit=50"))
                .json(200);

        // Then
        assertThat(page.at("/data")).hasSize(10);
        assertThat(page.at("/page/scanned").asInt()).isEqualTo(50);
        assertThat(page.at("/page/complete").asBoolean()).isFalse();
        assertThat(page.at("/page/older").isTextual()).isTrue();
    }

    @Test
    void shouldGetOneRecordAndItsBytes() {
        // Given
        String self = server.get(records("orders", "?limit=1&partition=0"))
                .json(200)
                .at("/data/0/metadata/self")
                .asText();
        String path = self.substring(self.indexOf("/v3") + 3);

        // When
        JsonNode record = server.get(path).json(200);
        RestServer.Response value = server.get(path + "?part=value");

        // Then
        assertThat(record.at("/value/data").asText()).isEqualTo("{\"number\": 119}");
        assertThat(value.body()).isEqualTo("{\"number\": 119}");
        assertThat(value.headers().firstValue("content-disposition"))
                .contains("attachment; filename=\"orders-0-119.value\"");
        assertThat(server.get(topic("orders") + "/partitions/0/records/120").status())
                .isEqualTo(404);
        assertThat(server.get(topic("orders") + "/partitions/1/records/1?part=value")
                        .status())
                .isEqualTo(404);
        assertThat(server.get(topic("orders") + "/partitions/7/records/1")
                        .json(404)
                        .at("/error_code")
                        .asInt())
                .isEqualTo(40403);
    }

    @Test
    void shouldNameWhatIsWrong() {
        // Then
        assertThat(server.get(records("orders", "?limit=501")).wrongFields()).containsExactly("limit");
        assertThat(server.get(records("orders", "?position=offset")).wrongFields())
                .containsExactly("offset");
        assertThat(server.get(records("orders", "?position=timestamp&timestamp=yesterday"))
                        .wrongFields())
                .containsExactly("timestamp");
        assertThat(server.get(records("orders", "?cursor=x")).wrongFields()).containsExactly("cursor");
        assertThat(server.get(records("orders", "?search_in=offset")).wrongFields())
                .containsExactly("search_in[0]");
        assertThat(server.get(records("nowhere", ""))
                        .json(404)
                        .at("/error_code")
                        .asInt())
                .isEqualTo(40403);
        assertThat(server.get(records("empty", "")).json(200).at("/data")).isEmpty();
    }

    @Test
    void shouldListLongWork() {
        // Given
        LongWork.Task done = server.broker().longWork().begin("export", "topic a", LongWork.Amount.of("records", 2));
        done.progress(2);
        done.end();
        server.broker()
                .longWork()
                .begin("replay", "channel b", LongWork.Amount.unknown("records"))
                .fail("no");

        // When
        JsonNode list = server.get("/long-work").json(200);

        // Then
        assertThat(list.at("/data").findValuesAsText("work")).contains("export", "replay");
        assertThat(list.at("/data").findValuesAsText("state")).contains("DONE", "FAILED");
    }

    @Test
    void shouldExportARecordsFile() {
        // When
        RestServer.Response file = server.get(topic("orders") + "/records:export?from=118&partition=0");

        // Then
        assertThat(file.status()).isEqualTo(200);
        assertThat(file.headers().firstValue("content-disposition")).contains("attachment; filename=\"orders.jsonl\"");
        assertThat(file.body().lines())
                .containsExactly(
                        "{\"key\":\"k118\",\"value\":{\"number\": 118},\"partition\":0,\"timestamp\":1000118}",
                        "{\"key\":\"k119\",\"value\":{\"number\": 119},\"partition\":0,\"timestamp\":1000119}");
        assertThat(server.get(topic("nowhere") + "/records:export").status()).isEqualTo(404);
        assertThat(server.get(topic("orders") + "/records:export?from=soon").wrongFields())
                .containsExactly("from");
    }

    @Test
    void shouldMakeNoMoreOfAnExportThanIsRead() throws IOException {
        // Given
        topic("slowly-read", 1);
        int records = 600;
        for (int count = 0; count < records; count++) {
            write("slowly-read", 0, RecordBatchBuilder.uncompressed().append(1, null, new byte[100_000]));
        }

        // When
        try (InputStream export = server.open(topic("slowly-read") + "/records:export")) {
            assertThat(export.read()).isEqualTo('{');
        }

        // Then
        Awaitility.await()
                .untilAsserted(() -> assertThat(exportOf("slowly-read").phase()).isEqualTo(LongWork.Phase.FAILED));
        assertThat(exportOf("slowly-read").done()).isPositive().isLessThan(records);
    }

    private static LongWork.State exportOf(String topic) {
        return server.broker().longWork().states().stream()
                .filter(work -> work.subject().equals("topic " + topic))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldTailWhatIsProduced() throws IOException {
        // Given
        topic("watched", 1);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                server.open(topic("watched") + "/records:tail?search=x"), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).isEqualTo("{\"skipped\":0}");

            // When
            server.post(
                    topic("watched") + "/records",
                    "{\"value\": {\"type\": \"STRING\", \"data\": \"other\"}}{\"value\": {\"type\": \"STRING\","
                            + " \"data\": \"x1\"}}");

            // Then
            assertThat(lines.readLine()).contains("\"offset\":1").contains("\"data\":\"x1\"");
        }
        assertThat(server.get(topic("nowhere") + "/records:tail").status()).isEqualTo(404);
    }

    @Test
    void shouldProduceByTheConvention() {
        // Given
        topic("produced", 3);

        // When
        JsonNode written = server.post(
                        topic("produced") + "/records",
                        "{\"partition_id\": 2, \"key\": {\"type\": \"BINARY\", \"data\": \"AAE=\"}, \"value\": {\"type\":"
                                + " \"JSON\", \"data\": {\"a\": 1}}, \"headers\": [{\"name\": \"h\", \"value\": \"YWJj\"}],"
                                + " \"timestamp\": \"2026-01-01T00:00:00Z\"}")
                .json(200);
        String several = server.post(
                        topic("produced") + "/records",
                        "{\"value\": {\"type\": \"STRING\", \"data\": \"a\"}}\n{\"partition_id\": 9}\n{\"key\": null}")
                .body();

        // Then
        assertThat(written.at("/error_code").asInt()).isEqualTo(200);
        assertThat(written.at("/partition_id").asInt()).isEqualTo(2);
        assertThat(written.at("/value/size").asInt()).isEqualTo(7);
        assertThat(several.lines()).hasSize(3);
        assertThat(several.lines().toList().get(1)).contains("40403").contains("no partition 9");
        JsonNode record =
                server.get(topic("produced") + "/partitions/2/records/0").json(200);
        assertThat(record.at("/key/data").asText()).isEqualTo("0001");
        assertThat(record.at("/headers/0/value/data").asText()).isEqualTo("abc");
        assertThat(record.at("/timestamp").asText()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void shouldNameTheFieldThatCannotBeProduced() {
        // Given
        String path = topic("orders") + "/records";

        // Then
        assertThat(server.post(path, "{\"value\": {\"type\": \"BINARY\", \"data\": \"?\"}}")
                        .wrongFields())
                .containsExactly("value.data");
        assertThat(server.post(path, "{\"key\": {\"type\": \"STRING\", \"data\": 1}}")
                        .wrongFields())
                .containsExactly("key.data");
        assertThat(server.post(path, "{\"headers\": [{\"name\": \"h\", \"value\": \"*\"}]}")
                        .wrongFields())
                .containsExactly("headers[0].value");
        assertThat(server.post(path, "{\"timestamp\": \"soon\"}").wrongFields()).containsExactly("timestamp");
        assertThat(server.post(path, "{\"value\": {\"type\": \"AVRO\", \"data\": 1}}")
                        .wrongFields())
                .containsExactly("value.type");
        assertThat(server.post(path, "{\"wert\": 1}").wrongFields()).containsExactly("wert");
    }

    @Test
    void shouldEmptyATopicUnlessItIsCompacted() {
        // Given
        topic("full", 1);
        write("full", 0, RecordBatchBuilder.uncompressed().append(1, null, bytes("v")));
        server.broker().createTopics(Map.of("table", new TopicSpec(1, Map.of("cleanup.policy", "compact"))));

        // When
        JsonNode emptied = server.post(topic("full") + ":empty").json(200);
        JsonNode refused = server.post(topic("table") + ":empty").json(400);

        // Then
        assertThat(emptied.at("/partitions/0/start_offset").asInt()).isEqualTo(1);
        assertThat(server.get(records("full", "")).json(200).at("/data")).isEmpty();
        assertThat(refused.at("/detail").asText()).contains("compacted");
    }

    private static String topic(String name) {
        return server.inCluster("/topics/" + name);
    }

    private static String records(String topic, String query) {
        return topic(topic) + "/records" + query;
    }

    private static void topic(String name, int partitions) {
        server.broker().createTopics(Map.of(name, new TopicSpec(partitions, Map.of())));
    }

    private static void write(String topic, int partition, RecordBatchBuilder batch) {
        InJvmCaller caller = server.broker().connect("test");
        ProduceRequest request = new ProduceRequest()
                .setAcks((short) -1)
                .setTimeoutMs(10_000)
                .setTopicData(new ArrayList<>(List.of(new TopicProduceData()
                        .setName(topic)
                        .setPartitionData(new ArrayList<>(List.of(new PartitionProduceData()
                                .setIndex(partition)
                                .setRecords(new BufferRecords(batch.build()))))))));
        caller.call(request, (short) 12).toCompletableFuture().join();
        caller.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
