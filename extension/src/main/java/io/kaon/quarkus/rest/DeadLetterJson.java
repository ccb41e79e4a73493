// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.records.Datum;
import io.kaon.admin.records.RecordPlace;
import io.kaon.admin.records.ShownRecord;
import io.kaon.admin.records.ShownRecord.ShownHeader;
import io.kaon.admin.records.ShownRecord.Size;
import io.kaon.quarkus.deadletters.DeadLetter;
import io.kaon.quarkus.deadletters.DeadLetters.LetterPage;
import io.kaon.quarkus.deadletters.Failure;
import io.kaon.quarkus.deadletters.Origin;
import io.kaon.record.TimestampType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/** Dead letters as JSON: records as anywhere else, and what their headers tell. */
final class DeadLetterJson {
    private static final int MAX_TEXT = 4096;

    private static final Schema ORIGIN = Schema.object()
            .named("KaonOrigin")
            .with("topic", Schema.text().orNull())
            .with("partition_id", Schema.integer().orNull())
            .with("offset", Schema.int64().orNull())
            .with("timestamp", Schema.text().orNull());

    private static final Schema LETTER = Schema.object()
            .named("KaonDeadLetter")
            .with("kind", Schema.choice("KaonDeadLetter"))
            .with("record", RecordJson.RECORD)
            .with("reason", Schema.text().orNull().described("What the exception said."))
            .with("exception_class", Schema.text().orNull())
            .with("cause", Schema.text().orNull().described("What its cause said."))
            .with("cause_class", Schema.text().orNull())
            .with("original", ORIGIN.described("Where the record was before."))
            .with("retries", Schema.integer().described("How often it was tried again."))
            .with("replays", Schema.integer().described("How often it had been sent back when it failed."))
            .with("replayed", Schema.flag().described("Whether this letter was sent back."));

    private static final Schema PAGE = Schema.object()
            .named("KaonDeadLetterPage")
            .with("topic", Schema.text())
            .with("older", Schema.text().orNull().described("The cursor to older ones; null when there are none."));

    static final Schema LETTERS =
            Convention.listOf("KaonDeadLetterList", LETTER).with("page", PAGE);

    private DeadLetterJson() {}

    /** @param clusterId of the application's broker; without one the addresses of records lead nowhere */
    static ObjectNode of(LetterPage page, int maxBytes, Optional<String> clusterId, Links links) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "KaonDeadLetterList");
        json.putObject("metadata").put("self", links.self()).putNull("next");
        ArrayNode data = json.putArray("data");
        page.letters().forEach(letter -> data.add(of(letter, maxBytes, clusterId.orElse("-"), links)));
        json.putObject("page").put("topic", page.topic()).put("older", cursor(page.older()));
        return json;
    }

    private static String cursor(Map<Integer, Long> older) {
        return older.isEmpty()
                ? null
                : new TreeMap<>(older)
                        .entrySet().stream()
                                .map(each -> each.getKey() + ":" + each.getValue())
                                .collect(Collectors.joining(","));
    }

    private static ObjectNode of(DeadLetter letter, int maxBytes, String clusterId, Links links) {
        Failure failure = letter.failure();
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "KaonDeadLetter");
        json.set("record", RecordJson.toJson(shown(letter.record(), maxBytes), clusterId, links));
        json.put("reason", cut(failure.reason()))
                .put("exception_class", cut(failure.exceptionClass()))
                .put("cause", cut(failure.cause()))
                .put("cause_class", cut(failure.causeClass()));
        Origin origin = failure.origin();
        ObjectNode original = json.putObject("original").put("topic", cut(origin.topic()));
        if (origin.partition().isPresent()) {
            original.put("partition_id", origin.partition().getAsInt());
        } else {
            original.putNull("partition_id");
        }
        if (origin.offset().isPresent()) {
            original.put("offset", origin.offset().getAsLong());
        } else {
            original.putNull("offset");
        }
        original.put("timestamp", time(origin.timestampMs()));
        return json.put("retries", failure.retries())
                .put("replays", failure.replays())
                .put("replayed", letter.isReplayed());
    }

    /** A header may name any number. */
    private static String time(OptionalLong timestampMs) {
        try {
            return timestampMs.isPresent()
                    ? Instant.ofEpochMilli(timestampMs.getAsLong()).toString()
                    : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static String cut(Optional<String> text) {
        return text.map(whole -> whole.substring(0, Math.min(MAX_TEXT, whole.length())))
                .orElse(null);
    }

    private static ShownRecord shown(ConsumerRecord<byte[], byte[]> record, int maxBytes) {
        List<ShownHeader> headers = new ArrayList<>();
        long bytes = lengthOf(record.key()) + lengthOf(record.value());
        int count = 0;
        for (Header header : record.headers()) {
            if (count++ < ShownRecord.MAX_HEADERS) {
                headers.add(new ShownHeader(header.key(), datum(header.value(), maxBytes)));
            }
            bytes += header.key().getBytes(StandardCharsets.UTF_8).length + lengthOf(header.value());
        }
        boolean isAppendTime = record.timestampType() == org.apache.kafka.common.record.TimestampType.LOG_APPEND_TIME;
        return new ShownRecord(
                new RecordPlace(record.topic(), record.partition(), record.offset()),
                record.timestamp(),
                isAppendTime ? TimestampType.LOG_APPEND_TIME : TimestampType.CREATE_TIME,
                datum(record.key(), maxBytes),
                datum(record.value(), maxBytes),
                headers,
                new Size(bytes, count));
    }

    private static Datum datum(byte[] bytes, int maxBytes) {
        return Datum.of(bytes == null ? null : ByteBuffer.wrap(bytes), maxBytes);
    }

    private static long lengthOf(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
