// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.groups.GroupOrders;
import io.kaon.admin.groups.GroupOrders.Change;
import io.kaon.admin.groups.ResetOrder;
import io.kaon.admin.records.Position;
import jakarta.inject.Singleton;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Orders to groups of consumers: set their offsets, delete them. */
@Singleton
public class ConsumerGroupOrdersGroup implements OperationGroup {
    private static final String TAG = "Consumer groups";
    private static final String GROUP = "/clusters/{cluster_id}/consumer-groups/{consumer_group_id}";
    private static final int HAS_MEMBERS = 409;

    private static final Schema ORDER = Schema.object()
            .named("KaonOffsetReset")
            .with("to", Schema.choice("earliest", "latest", "timestamp", "offset"))
            .maybe("timestamp", Schema.any().described("With `to: timestamp`: ISO-8601, or milliseconds since 1970."))
            .maybe("offset", Schema.int64().min(0).described("With `to: offset`."))
            .maybe("topic", Schema.text().min(1).orNull().described("Without it all that the group has offsets of."))
            .maybe(
                    "partitions",
                    Schema.list(Schema.integer().min(0)).orNull().described("Of the topic; without it all."))
            .maybe("dry_run", Schema.flag().described("Only show what would change."));

    private static final Schema CHANGE = Schema.object()
            .named("KaonOffsetChange")
            .with("topic_name", Schema.text())
            .with("partition_id", Schema.integer())
            .with("old_offset", Schema.int64().orNull().described("null when nothing was committed."))
            .with("new_offset", Schema.int64());

    private static final Schema CHANGES = Schema.object()
            .named("KaonOffsetChanges")
            .with("consumer_group_id", Schema.text())
            .with("dry_run", Schema.flag())
            .with("changes", Schema.list(CHANGE));

    private final AdminConnection connection;

    ConsumerGroupOrdersGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.post(GROUP + "/offsets:reset")
                        .id("resetOffsets")
                        .tag(TAG)
                        .summary("Set where a group goes on")
                        .description("Only while the group has no members. Offsets are kept within what the partitions"
                                + " hold.")
                        .takes(ORDER)
                        .gives(200, CHANGES)
                        .fails(HAS_MEMBERS, "The group has members: stop its consumers first.")
                        .handledBy(this::reset),
                Operation.delete(GROUP)
                        .id("deleteConsumerGroup")
                        .tag(TAG)
                        .summary("Delete a group with its offsets")
                        .givesNothing(204)
                        .fails(HAS_MEMBERS, "The group has members: stop its consumers first.")
                        .handledBy(this::delete),
                Operation.delete(GROUP + "/offsets/{topic_name}")
                        .id("deleteOffsets")
                        .tag(TAG)
                        .summary("Delete what a group has committed for a topic")
                        .givesNothing(204)
                        .fails(HAS_MEMBERS, "Members of the group read the topic.")
                        .handledBy(this::deleteOffsets));
    }

    private CompletionStage<Answer> reset(Call call) {
        ResetOrder order = order(call);
        return orders().reset(order).thenApply(changes -> Answer.ok(toJson(order, changes)));
    }

    private static ResetOrder order(Call call) {
        JsonNode body = call.body();
        Optional<String> topic = Optional.ofNullable(body.path("topic").textValue());
        Set<Integer> partitions = new HashSet<>();
        body.path("partitions").forEach(partition -> partitions.add(partition.intValue()));
        if (!partitions.isEmpty() && topic.isEmpty()) {
            throw Problem.invalid("topic", "is needed with partitions").asException();
        }
        return new ResetOrder(
                call.text("consumer_group_id"),
                topic,
                partitions,
                position(body),
                body.path("dry_run").asBoolean() ? ResetOrder.Effect.DRY_RUN : ResetOrder.Effect.APPLY);
    }

    private static Position position(JsonNode body) {
        switch (body.path("to").asText()) {
            case "earliest":
                return Position.oldest();
            case "latest":
                return Position.newest();
            case "offset":
                if (!body.path("offset").isIntegralNumber()) {
                    throw Problem.invalid("offset", "is needed with to: offset").asException();
                }
                return Position.offset(body.path("offset").longValue());
            default:
                JsonNode timestamp = body.path("timestamp");
                if (!timestamp.isTextual() && !timestamp.isIntegralNumber()) {
                    throw Problem.invalid(
                                    "timestamp",
                                    "is needed with to: timestamp, as milliseconds since 1970 or a time such as"
                                            + " 2026-03-01T12:00:00Z")
                            .asException();
                }
                return Position.timestamp(RecordsGroup.timestamp("timestamp", timestamp.asText()));
        }
    }

    private static ObjectNode toJson(ResetOrder order, List<Change> changes) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("consumer_group_id", order.group())
                .put("dry_run", order.effect() == ResetOrder.Effect.DRY_RUN);
        ArrayNode list = json.putArray("changes");
        for (Change change : changes) {
            ObjectNode one = list.addObject()
                    .put("topic_name", change.partition().topic())
                    .put("partition_id", change.partition().partition());
            if (change.before().isPresent()) {
                one.put("old_offset", change.before().getAsLong());
            } else {
                one.putNull("old_offset");
            }
            one.put("new_offset", change.after());
        }
        return json;
    }

    private CompletionStage<Answer> delete(Call call) {
        return orders().delete(call.text("consumer_group_id")).thenApply(done -> Answer.nothing());
    }

    private CompletionStage<Answer> deleteOffsets(Call call) {
        return orders().deleteOffsets(call.text("consumer_group_id"), call.text("topic_name"))
                .thenApply(deleted -> Answer.nothing());
    }

    private GroupOrders orders() {
        return new GroupOrders(connection.caller());
    }
}
