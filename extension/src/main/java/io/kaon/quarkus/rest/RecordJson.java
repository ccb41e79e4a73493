// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.records.Datum;
import io.kaon.admin.records.ShownRecord;
import java.time.Instant;

/** Records as the API shows them; also for other groups that answer records. */
public final class RecordJson {
    /** A key, a value, a header's value. */
    static final Schema DATUM = Schema.object()
            .named("KafkaRecordDatum")
            .with("type", Schema.choice("NULL", "JSON", "STRING", "BINARY"))
            .with("data", Schema.text().orNull().described("The text as it stands, or bytes in hex; null for NULL."))
            .with("size", Schema.integer().described("Bytes of the whole thing."))
            .with("truncated", Schema.flag().described("Whether `data` is only its beginning."));

    private static final Schema HEADER = Schema.object()
            .named("KafkaRecordHeader")
            .with("name", Schema.text())
            .with("value", DATUM);

    /** A record. */
    public static final Schema RECORD = Schema.object()
            .named("KafkaRecord")
            .with("kind", Schema.choice("KafkaRecord"))
            .with("metadata", Schema.object().named("RecordMetadata").with("self", Schema.text()))
            .with("partition_id", Schema.integer())
            .with("offset", Schema.int64())
            .with("timestamp", Schema.text().orNull().described("ISO-8601; null when it has none."))
            .with("timestamp_type", Schema.choice("CREATE_TIME", "LOG_APPEND_TIME"))
            .with("key", DATUM)
            .with("value", DATUM)
            .with("headers", Schema.list(HEADER).described("The first " + ShownRecord.MAX_HEADERS + " at most."))
            .with("headers_count", Schema.integer())
            .with("size", Schema.int64().described("Bytes of key, value and headers."));

    private RecordJson() {}

    /** As the schema says. */
    public static ObjectNode toJson(ShownRecord record, String clusterId, Links links) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "KafkaRecord");
        json.putObject("metadata")
                .put(
                        "self",
                        links.to(
                                "clusters",
                                clusterId,
                                "topics",
                                record.place().topic(),
                                "partitions",
                                record.partition(),
                                "records",
                                record.offset()));
        json.put("partition_id", record.partition())
                .put("offset", record.offset())
                .put(
                        "timestamp",
                        record.timestampMs() < 0
                                ? null
                                : Instant.ofEpochMilli(record.timestampMs()).toString())
                .put("timestamp_type", record.timestampType().name());
        json.set("key", toJson(record.key()));
        json.set("value", toJson(record.value()));
        ArrayNode headers = json.putArray("headers");
        record.headers()
                .forEach(
                        header -> headers.addObject().put("name", header.name()).set("value", toJson(header.value())));
        return json.put("headers_count", record.size().headers())
                .put("size", record.size().bytes());
    }

    private static ObjectNode toJson(Datum datum) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("type", datum.form().name())
                .put("data", datum.form() == Datum.Form.NULL ? null : datum.data())
                .put("size", datum.sizeInBytes())
                .put("truncated", datum.isTruncated());
    }
}
