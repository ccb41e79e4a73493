// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.records.Isolation;
import io.kaon.admin.records.PageQuery;
import io.kaon.admin.records.Position;
import io.kaon.admin.records.RecordPage;
import io.kaon.admin.records.RecordPlace;
import io.kaon.admin.records.TextSearch;
import io.kaon.admin.records.TopicRecords;
import io.kaon.record.Record;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The records of a topic: pages of them, one whole, its bytes. */
@Singleton
public class RecordsGroup implements OperationGroup {
    static final String TAG = "Records";
    private static final String TOPIC = "/clusters/{cluster_id}/topics/{topic_name}";
    private static final int MAX_CURSOR = 3500;
    private static final int WRITE_BYTES = 64 * 1024;
    private static final int NO_SUCH_RECORD = 40409;

    private static final Schema PAGE = Schema.object()
            .named("KafkaRecordPage")
            .with("order", Schema.choice("newest_first", "oldest_first"))
            .with("older", Schema.text().orNull().described("The cursor to older records; null when there are none."))
            .with("newer", Schema.text().orNull().described("The cursor to newer records; null when there are none."))
            .with("scanned", Schema.int64().described("How many records were looked at."))
            .with(
                    "complete",
                    Schema.flag()
                            .described("false when a search ended at its limits before the page was full: the cursor"
                                    + " in the direction of `order` goes on."));

    private static final Schema RECORDS =
            Convention.listOf("KafkaRecordList", RecordJson.RECORD).with("page", PAGE);

    private final AdminConnection connection;

    RecordsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                reading(Operation.get(TOPIC + "/records").id("listRecords").summary("Read a page of records"))
                        .description("From the newest record backwards, or onwards from the oldest, an offset or a"
                                + " timestamp. All partitions are merged by timestamp. A cursor goes on from another"
                                + " page; the other parameters are given again with it.")
                        .gives(200, RECORDS)
                        .handledBy(this::list),
                Operation.get(TOPIC + "/partitions/{partition_id}/records/{offset}")
                        .id("getRecord")
                        .tag(TAG)
                        .summary("Get one record, or the bytes of its key or value")
                        .parameter(Parameter.integer("max_bytes", 1, PageQuery.MAX_SHOWN_BYTES)
                                .orElse(PageQuery.MAX_SHOWN_BYTES)
                                .described("How much of key, value and each header is shown."))
                        .parameter(Parameter.choice("part", "key", "value")
                                .described("Download the bytes of this part, whole, instead."))
                        .gives(200, RecordJson.RECORD)
                        .gives("application/octet-stream", "With `part`: the bytes.")
                        .fails(404, "There is no record of that offset (any more), or no such part in it.")
                        .handledBy(this::get));
    }

    private static Operation.Draft reading(Operation.Draft draft) {
        return draft.tag(TAG)
                .parameter(Parameter.choice("position", "newest", "oldest", "offset", "timestamp")
                        .orElse("newest")
                        .described("Where to begin."))
                .parameter(Parameter.int64("offset", 0).described("With `position=offset`."))
                .parameter(Parameter.text("timestamp", 40)
                        .described("With `position=timestamp`: ISO-8601, or milliseconds since 1970."))
                .parameter(Parameter.integer("partition", 0, Integer.MAX_VALUE)
                        .described("Only this partition; all of them without it."))
                .parameter(Parameter.integer("limit", 1, PageQuery.MAX_LIMIT)
                        .orElse(PageQuery.DEFAULT_LIMIT)
                        .described("How many records at most."))
                .parameter(search())
                .parameter(searchIn())
                .parameter(Parameter.integer("scan_limit", 1, PageQuery.MAX_SCAN_LIMIT)
                        .orElse(PageQuery.DEFAULT_SCAN_LIMIT)
                        .described("How many records a search looks at before it answers what it has."))
                .parameter(Parameter.text("cursor", MAX_CURSOR)
                        .described("`page.older` or `page.newer` of another page, instead of a position."))
                .parameter(maxBytes())
                .parameter(isolation());
    }

    static Parameter search() {
        return Parameter.text("search", TextSearch.MAX_CHARS)
                .described("Only records that contain this text; ASCII letters match in either case.");
    }

    static Parameter searchIn() {
        return Parameter.choices("search_in", "key", "value", "headers")
                .orElse("key,value,headers")
                .described("Where the text is searched.");
    }

    static Parameter maxBytes() {
        return Parameter.integer("max_bytes", 1, PageQuery.MAX_SHOWN_BYTES)
                .orElse(PageQuery.DEFAULT_SHOWN_BYTES)
                .described("How much of each key, value and header is shown.");
    }

    static Parameter isolation() {
        return Parameter.choice("isolation", "read_committed", "read_uncommitted")
                .orElse("read_committed")
                .described("Whether records of open and aborted transactions are left out.");
    }

    private CompletionStage<Answer> list(Call call) {
        PageQuery query = query(call);
        return records()
                .page(query)
                .exceptionally(RecordsGroup::naming)
                .thenApply(page -> Answer.ok(toJson(page, call)));
    }

    private static PageQuery query(Call call) {
        PageQuery query = PageQuery.of(call.text("topic_name"))
                .at(position(call))
                .limit(call.integer("limit"))
                .scanLimit(call.integer("scan_limit"))
                .maxBytes(call.integer("max_bytes"))
                .isolation(isolation(call));
        Optional<TextSearch> search = search(call);
        query = search.isPresent() ? query.search(search.get()) : query;
        Optional<Long> partition = call.maybeNumber("partition");
        return partition.isPresent() ? query.partition(partition.get().intValue()) : query;
    }

    private static Position position(Call call) {
        Optional<String> cursor = call.maybeText("cursor");
        if (cursor.isPresent()) {
            return Position.cursor(cursor.get());
        }
        switch (call.text("position")) {
            case "oldest":
                return Position.oldest();
            case "offset":
                return Position.offset(call.maybeNumber("offset").orElseThrow(() -> missing("offset", "offset")));
            case "timestamp":
                return Position.timestamp(call.maybeText("timestamp")
                        .map(text -> timestamp("timestamp", text))
                        .orElseThrow(() -> missing("timestamp", "timestamp")));
            default:
                return Position.newest();
        }
    }

    private static ProblemException missing(String field, String position) {
        return Problem.invalid(field, "is needed with position=" + position).asException();
    }

    static Isolation isolation(Call call) {
        return Isolation.valueOf(call.text("isolation").toUpperCase(Locale.ROOT));
    }

    static Optional<TextSearch> search(Call call) {
        Set<TextSearch.Field> fields = EnumSet.noneOf(TextSearch.Field.class);
        call.texts("search_in").forEach(field -> fields.add(TextSearch.Field.valueOf(field.toUpperCase(Locale.ROOT))));
        return call.maybeText("search").filter(text -> !text.isEmpty()).map(text -> TextSearch.of(text, fields));
    }

    /** Milliseconds since 1970 of an ISO-8601 text, or of a number that is them already. */
    static long timestamp(String field, String text) {
        try {
            long ms = text.chars().allMatch(Character::isDigit)
                    ? Long.parseLong(text)
                    : instant(text).toEpochMilli();
            if (ms >= 0) {
                return ms;
            }
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            // What is wrong with it is said below.
        }
        throw Problem.invalid(field, "is milliseconds since 1970 or a time such as 2026-03-01T12:00:00Z, was " + text)
                .asException();
    }

    private static Instant instant(String text) {
        return OffsetDateTime.parse(text).toInstant();
    }

    /** The sentences of {@link IllegalArgumentException} here begin with the parameter that is wrong. */
    static <T> T naming(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof IllegalArgumentException) {
            String message = cause.getMessage();
            int space = message.indexOf(' ');
            throw Problem.invalid(message.substring(0, space), message.substring(space + 1))
                    .asException();
        }
        throw cause instanceof RuntimeException unchecked ? unchecked : new CompletionException(cause);
    }

    private static ObjectNode toJson(RecordPage page, Call call) {
        ArrayNode data = JsonNodeFactory.instance.arrayNode();
        page.records().forEach(record -> data.add(RecordJson.toJson(record, call.text("cluster_id"), call.links())));
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "KafkaRecordList");
        json.putObject("metadata").put("self", call.links().self()).putNull("next");
        json.set("data", data);
        json.putObject("page")
                .put("order", page.order().name().toLowerCase(Locale.ROOT))
                .put("older", page.older().orElse(null))
                .put("newer", page.newer().orElse(null))
                .put("scanned", page.scanned())
                .put("complete", page.isComplete());
        return json;
    }

    private CompletionStage<Answer> get(Call call) {
        RecordPlace place =
                new RecordPlace(call.text("topic_name"), call.integer("partition_id"), call.number("offset"));
        Optional<String> part = call.maybeText("part");
        if (part.isPresent()) {
            return records().whole(place).thenApply(found -> download(place, found, part.get()));
        }
        return records()
                .record(place, call.integer("max_bytes"))
                .thenApply(found -> Answer.ok(RecordJson.toJson(
                        found.orElseThrow(() -> gone(place)), call.text("cluster_id"), call.links())));
    }

    private static Answer download(RecordPlace place, Optional<Record> found, String part) {
        Record record = found.orElseThrow(() -> gone(place));
        ByteBuffer bytes = part.equals("key") ? record.key() : record.value();
        if (bytes == null) {
            throw Problem.of(404, NO_SUCH_RECORD, "The record has no " + part + ": it is null.")
                    .asException();
        }
        String name = place.topic() + "-" + place.partition() + "-" + place.offset() + "." + part;
        return Answer.download("application/octet-stream", name, stream -> write(stream, bytes));
    }

    private static void write(AnswerStream stream, ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            stream.end();
            return;
        }
        byte[] piece = new byte[Math.min(WRITE_BYTES, bytes.remaining())];
        bytes.get(piece);
        stream.write(piece).thenRun(() -> write(stream, bytes));
    }

    private static ProblemException gone(RecordPlace place) {
        return Problem.of(
                        404,
                        NO_SUCH_RECORD,
                        "Partition " + place.partition() + " of the topic " + place.topic()
                                + " has no record of the offset " + place.offset() + " (any more).")
                .asException();
    }

    private TopicRecords records() {
        return TopicRecords.of(connection.broker());
    }
}
