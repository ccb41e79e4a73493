// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.records.NewRecord;
import io.kaon.admin.records.RecordWriter;
import io.kaon.admin.records.RecordWriter.Written;
import io.kaon.record.RecordHeader;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Writing records, and emptying topics. */
@Singleton
public class RecordOrdersGroup implements OperationGroup {
    private static final String TOPIC = "/clusters/{cluster_id}/topics/{topic_name}";
    private static final int OK = 200;

    private static final Schema DATUM = Schema.object()
            .named("ProduceRequestData")
            .with("type", Schema.choice("JSON", "STRING", "BINARY"))
            .with(
                    "data",
                    Schema.any().described("Any JSON, a text, or bytes in base64, as the type says; null: none."));
    private static final Schema HEADER = Schema.object()
            .named("ProduceRequestHeader")
            .with("name", Schema.text())
            .maybe("value", Schema.text().orNull().described("Bytes in base64."));
    private static final Schema NEW_RECORD = Schema.object()
            .named("ProduceRequest")
            .maybe(
                    "partition_id",
                    Schema.integer().min(0).orNull().described("Without it the key decides, as in Kafka's clients."))
            .maybe("headers", Schema.list(HEADER))
            .maybe("key", DATUM.orNull())
            .maybe("value", DATUM.orNull())
            .maybe("timestamp", Schema.any().described("ISO-8601, or milliseconds since 1970; now without it."));

    private static final Schema SIZED = Schema.object()
            .named("ProduceResponseData")
            .with("type", Schema.choice("JSON", "STRING", "BINARY"))
            .with("size", Schema.integer());
    private static final Schema WRITTEN = Schema.object()
            .named("ProduceResponse")
            .with("error_code", Schema.integer())
            .with("cluster_id", Schema.text())
            .with("topic_name", Schema.text())
            .with("partition_id", Schema.integer())
            .with("offset", Schema.int64())
            .with("timestamp", Schema.text())
            .maybe("key", SIZED)
            .maybe("value", SIZED);
    private static final Schema EMPTIED = Schema.object()
            .named("KaonEmptiedPartition")
            .with("partition_id", Schema.integer())
            .with("start_offset", Schema.int64().described("The offset of the first record that comes from now on."));

    private final AdminConnection connection;

    RecordOrdersGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.post(TOPIC + "/records")
                        .id("produceRecords")
                        .tag(RecordsGroup.TAG)
                        .summary("Write records")
                        .description("One JSON object a record. Of several, one after the other, each has its own"
                                + " result in the answer: a line with an `error_code` of 200, or one that failed.")
                        .takesSeveral(NEW_RECORD)
                        .gives(OK, WRITTEN)
                        .gives(Answer.NDJSON, "Of several records, a result a line.")
                        .handledBy(this::produce),
                Operation.post(TOPIC + ":empty")
                        .id("emptyTopic")
                        .tag(RecordsGroup.TAG)
                        .summary("Delete all records of a topic")
                        .description("Offsets go on from where they are. A topic that is only compacted refuses.")
                        .gives(
                                OK,
                                Schema.object()
                                        .named("KaonEmptiedTopic")
                                        .with("topic_name", Schema.text())
                                        .with("partitions", Schema.list(EMPTIED)))
                        .handledBy(this::empty));
    }

    /** A record and the types that its request gave. */
    private record Order(NewRecord record, String keyType, String valueType) {}

    private CompletionStage<Answer> produce(Call call) {
        List<Order> orders = new ArrayList<>();
        for (int index = 0; index < call.bodies().size(); index++) {
            orders.add(order(call.bodies().get(index), call.bodies().size() == 1 ? "" : "[" + index + "]."));
        }
        if (orders.size() == 1) {
            return write(call, orders.get(0)).thenApply(Answer::ok);
        }
        CompletionStage<StringBuilder> all = CompletableFuture.completedFuture(new StringBuilder());
        for (Order order : orders) {
            all = all.thenCompose(lines -> write(call, order)
                    .exceptionally(failure -> refusal(Problems.of(failure)))
                    .thenApply(result -> lines.append(line(result))));
        }
        return all.thenApply(lines -> Answer.stream(
                Answer.NDJSON, stream -> stream.write(lines.toString().getBytes(StandardCharsets.UTF_8))
                        .thenRun(stream::end)));
    }

    private CompletionStage<ObjectNode> write(Call call, Order order) {
        return writer().write(call.text("topic_name"), order.record())
                .thenApply(written -> toJson(call, order, written));
    }

    private RecordWriter writer() {
        return new RecordWriter(connection.caller(), System::currentTimeMillis);
    }

    private static ObjectNode toJson(Call call, Order order, Written written) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("error_code", OK)
                .put("cluster_id", call.text("cluster_id"))
                .put("topic_name", written.place().topic())
                .put("partition_id", written.place().partition())
                .put("offset", written.place().offset())
                .put("timestamp", Instant.ofEpochMilli(written.timestampMs()).toString());
        size(json, "key", order.keyType(), order.record().key());
        size(json, "value", order.valueType(), order.record().value());
        return json;
    }

    private static void size(ObjectNode json, String member, String type, ByteBuffer bytes) {
        if (bytes != null) {
            json.putObject(member).put("type", type).put("size", bytes.remaining());
        }
    }

    private static ObjectNode refusal(Problem problem) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("error_code", problem.errorCode())
                .put("message", problem.detail());
    }

    private static String line(JsonNode json) {
        try {
            return RequestCheck.JSON.writeValueAsString(json) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON comes of a result", e);
        }
    }

    /** @param at what stands before the names of fields in problems */
    private static Order order(JsonNode body, String at) {
        List<RecordHeader> headers = new ArrayList<>();
        for (int index = 0; index < body.path("headers").size(); index++) {
            JsonNode header = body.path("headers").get(index);
            JsonNode value = header.path("value");
            headers.add(new RecordHeader(
                    header.path("name").asText(),
                    value.isTextual() ? base64(at + "headers[" + index + "].value", value) : null));
        }
        JsonNode partition = body.path("partition_id");
        return new Order(
                new NewRecord(
                        partition.isNumber() ? OptionalInt.of(partition.intValue()) : OptionalInt.empty(),
                        timestamp(at, body.path("timestamp")),
                        bytes(at + "key.data", body.path("key")),
                        bytes(at + "value.data", body.path("value")),
                        headers),
                body.path("key").path("type").asText(),
                body.path("value").path("type").asText());
    }

    private static OptionalLong timestamp(String at, JsonNode timestamp) {
        if (timestamp.isMissingNode() || timestamp.isNull()) {
            return OptionalLong.empty();
        }
        if (timestamp.isTextual() || timestamp.canConvertToLong() && timestamp.isIntegralNumber()) {
            return OptionalLong.of(RecordsGroup.timestamp(at + "timestamp", timestamp.asText()));
        }
        throw Problem.invalid(at + "timestamp", "is milliseconds since 1970 or a time such as 2026-03-01T12:00:00Z")
                .asException();
    }

    private static ByteBuffer bytes(String field, JsonNode datum) {
        JsonNode data = datum.path("data");
        if (data.isMissingNode() || data.isNull()) {
            return null;
        }
        String type = datum.path("type").asText();
        if (type.equals("JSON")) {
            return ByteBuffer.wrap(line(data).strip().getBytes(StandardCharsets.UTF_8));
        }
        if (!data.isTextual()) {
            throw Problem.invalid(field, "is a text where the type is " + type).asException();
        }
        return type.equals("STRING")
                ? ByteBuffer.wrap(data.asText().getBytes(StandardCharsets.UTF_8))
                : base64(field, data);
    }

    private static ByteBuffer base64(String field, JsonNode text) {
        try {
            return ByteBuffer.wrap(Base64.getDecoder().decode(text.asText()));
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(field, "is not base64: " + e.getMessage()).asException();
        }
    }

    private CompletionStage<Answer> empty(Call call) {
        String topic = call.text("topic_name");
        return writer().empty(topic).thenApply(emptied -> {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("topic_name", topic);
            ArrayNode partitions = json.putArray("partitions");
            emptied.forEach(one ->
                    partitions.addObject().put("partition_id", one.partition()).put("start_offset", one.startOffset()));
            return Answer.ok(json);
        });
    }
}
