// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kaon.admin.records.ExportQuery;
import io.kaon.admin.records.PageQuery;
import io.kaon.admin.records.Position;
import io.kaon.admin.records.RecordExport;
import io.kaon.admin.records.RecordTail;
import io.kaon.admin.records.TailQuery;
import io.kaon.admin.records.TopicRecords;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** The records of a topic as they come, and all of them as a file. Each piece is made when the client has taken the last. */
@Singleton
public class RecordStreamsGroup implements OperationGroup {
    private static final String RECORDS = "/clusters/{cluster_id}/topics/{topic_name}/records";
    private static final String JSON_LINES = "application/jsonl";
    private static final int MAX_TAIL_BYTES = 64 * 1024;
    private static final int MAX_POSITION = 40;

    private final AdminConnection connection;

    RecordStreamsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(RECORDS + ":tail")
                        .id("tailRecords")
                        .tag(RecordsGroup.TAG)
                        .summary("Watch the records that come")
                        .description("From now on, until the client goes. A line is a `KafkaRecord`, or"
                                + " `{\"skipped\": n}`: so many records were left out, because there were more than"
                                + " `rate` or the client was too slow. The first line is `{\"skipped\": 0}`: what is"
                                + " written from then on is seen.")
                        .parameter(partition())
                        .parameter(RecordsGroup.search())
                        .parameter(RecordsGroup.searchIn())
                        .parameter(Parameter.integer("rate", 1, TailQuery.MAX_RATE)
                                .orElse(TailQuery.DEFAULT_RATE)
                                .described("Records a second at most."))
                        .parameter(Parameter.integer("max_bytes", 1, MAX_TAIL_BYTES)
                                .orElse(PageQuery.DEFAULT_SHOWN_BYTES)
                                .described("How much of each key, value and header is shown."))
                        .parameter(RecordsGroup.isolation())
                        .gives(Answer.NDJSON, "A record a line.")
                        .handledBy(this::tail),
                Operation.get(RECORDS + ":export")
                        .id("exportRecords")
                        .tag(RecordsGroup.TAG)
                        .summary("Export records as a records file")
                        .description("One JSON object a line, the form in which topics are seeded, partition by"
                                + " partition. `GET /v3/long-work` shows how far it is.")
                        .parameter(partition())
                        .parameter(Parameter.text("from", MAX_POSITION)
                                .described("An offset, or an ISO-8601 time; without it each partition's beginning."))
                        .parameter(Parameter.text("to", MAX_POSITION)
                                .described("The same, exclusive; without it each partition's end."))
                        .parameter(RecordsGroup.isolation())
                        .gives(JSON_LINES, "A record a line.")
                        .handledBy(this::export));
    }

    private static Parameter partition() {
        return Parameter.integer("partition", 0, Integer.MAX_VALUE)
                .described("Only this partition; all of them without it.");
    }

    private CompletionStage<Answer> tail(Call call) {
        TailQuery query = new TailQuery(
                call.text("topic_name"),
                partition(call),
                RecordsGroup.search(call),
                call.integer("rate"),
                new PageQuery.Showing(call.integer("max_bytes"), RecordsGroup.isolation(call)));
        return checked(
                call,
                records -> Answer.stream(Answer.NDJSON, stream -> {
                    RecordTail tail = records.tail(query);
                    stream.onClose(tail::close);
                    tail.next()
                            .thenCompose(begun -> stream.line(skipped(0)))
                            .whenComplete((done, failure) -> follow(stream, tail, call, failure));
                }));
    }

    private static void follow(AnswerStream stream, RecordTail tail, Call call, Throwable failure) {
        if (failure != null) {
            stream.fail(failure);
            tail.close();
        } else if (!stream.isClosed()) {
            tail.next()
                    .thenCompose(batch -> stream.write(lines(batch, call)))
                    .whenComplete((done, problem) -> follow(stream, tail, call, problem));
        }
    }

    private static byte[] lines(RecordTail.Batch batch, Call call) {
        StringBuilder lines = new StringBuilder();
        batch.records()
                .forEach(record -> append(lines, RecordJson.toJson(record, call.text("cluster_id"), call.links())));
        if (batch.skipped() > 0) {
            append(lines, skipped(batch.skipped()));
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder lines, JsonNode json) {
        try {
            lines.append(RequestCheck.JSON.writeValueAsString(json)).append('\n');
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON comes of a record", e);
        }
    }

    private static JsonNode skipped(long count) {
        return JsonNodeFactory.instance.objectNode().put("skipped", count);
    }

    private CompletionStage<Answer> export(Call call) {
        String topic = call.text("topic_name");
        ExportQuery query = new ExportQuery(
                topic, partition(call), position(call, "from"), position(call, "to"), RecordsGroup.isolation(call));
        return checked(
                call,
                records -> Answer.download(JSON_LINES, topic + ".jsonl", stream -> {
                    RecordExport export = records.export(query);
                    stream.onClose(export::close);
                    write(stream, export);
                }));
    }

    private static void write(AnswerStream stream, RecordExport export) {
        export.next().whenComplete((piece, failure) -> {
            if (failure != null) {
                stream.fail(failure);
            } else if (piece.isEmpty()) {
                stream.end();
            } else {
                stream.write(piece.get()).whenComplete((done, gone) -> {
                    if (gone == null) {
                        write(stream, export);
                    } else {
                        export.close();
                    }
                });
            }
        });
    }

    private static Optional<Position> position(Call call, String field) {
        return call.maybeText(field).map(text -> {
            if (!text.isEmpty() && text.length() < 19 && text.chars().allMatch(Character::isDigit)) {
                return Position.offset(Long.parseLong(text));
            }
            if (text.chars().allMatch(Character::isDigit)) {
                throw Problem.invalid(field, "is an offset or a time such as 2026-03-01T12:00:00Z, was " + text)
                        .asException();
            }
            return Position.timestamp(RecordsGroup.timestamp(field, text));
        });
    }

    /** What is wrong with the question is answered as a problem, before a stream begins. */
    private CompletionStage<Answer> checked(Call call, Function<TopicRecords, Answer> stream) {
        TopicRecords records = TopicRecords.of(connection.broker());
        return records.partitions(call.text("topic_name")).thenApply(count -> {
            OptionalInt partition = partition(call);
            if (partition.isPresent() && partition.getAsInt() >= count) {
                throw Problem.of(
                                404,
                                40403,
                                "The topic " + call.text("topic_name") + " has no partition " + partition.getAsInt()
                                        + ".")
                        .asException();
            }
            return stream.apply(records);
        });
    }

    private static OptionalInt partition(Call call) {
        Optional<Long> partition = call.maybeNumber("partition");
        return partition.isPresent() ? OptionalInt.of(partition.get().intValue()) : OptionalInt.empty();
    }
}
