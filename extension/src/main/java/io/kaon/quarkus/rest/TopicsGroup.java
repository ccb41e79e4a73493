// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.AdminCaller;
import io.kaon.admin.TopicFigures;
import io.kaon.admin.TopicFigures.Figures;
import io.kaon.admin.Topics;
import io.kaon.admin.Topics.NewTopic;
import io.kaon.admin.Topics.Topic;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** Topics: list, make, widen, delete. */
@Singleton
public class TopicsGroup implements OperationGroup {
    private static final String TAG = "Topics";
    private static final String TOPICS = "/clusters/{cluster_id}/topics";
    private static final String TOPIC = TOPICS + "/{topic_name}";
    private static final String UNKNOWN = "There is no topic of that name (`error_code` 40403).";
    /** As Kafka's tools; a broker has fewer in practice, and refuses what it cannot hold. */
    private static final int MAX_PARTITIONS = 100_000;

    private static final int MAX_CONFIGS = 200;
    private static final int MAX_NAME = 249;
    private static final int MAX_VALUE = 32_768;

    private static final Schema TOPIC_SCHEMA = Convention.thing("KafkaTopic")
            .with("cluster_id", Schema.text())
            .with("topic_name", Schema.text())
            .with("is_internal", Schema.flag().described("Whether it belongs to the broker."))
            .with("replication_factor", Schema.integer())
            .with("partitions_count", Schema.integer())
            .with(
                    "records",
                    Schema.int64()
                            .described("Log end minus log start of all partitions: offsets, some of which"
                                    + " compaction and transactions may have left without a record."))
            .with("size_bytes", Schema.int64().described("Of this broker's files."))
            .with("cleanup_policy", Schema.text())
            .with("partitions", Convention.RELATED)
            .with("configs", Convention.RELATED)
            .with("authorized_operations", Schema.list(Schema.text()));

    private static final Schema CREATE = Schema.object()
            .named("CreateTopicRequest")
            .with("topic_name", Schema.text().min(1).max(MAX_NAME))
            .maybe(
                    "partitions_count",
                    Schema.integer()
                            .min(1)
                            .max(MAX_PARTITIONS)
                            .described("Without it, `num.partitions` of the broker."))
            .maybe("replication_factor", Schema.integer().min(1).max(Short.MAX_VALUE))
            .maybe(
                    "configs",
                    Schema.list(Schema.object()
                                    .named("TopicSetting")
                                    .with("name", Schema.text().min(1).max(MAX_NAME))
                                    .with("value", Schema.text().max(MAX_VALUE)))
                            .max(MAX_CONFIGS))
            .maybe("validate_only", Schema.flag().described("Checks everything and makes nothing."));

    private static final Schema WIDEN = Schema.object()
            .named("UpdateTopicRequest")
            .with("partitions_count", Schema.integer().min(1).max(MAX_PARTITIONS));

    private final AdminConnection connection;

    TopicsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(TOPICS)
                        .id("listTopics")
                        .tag(TAG)
                        .summary("List topics")
                        .description("In the order of their names, with what they hold.")
                        .parameter(Parameter.text("search", MAX_NAME)
                                .described("A part of the name; case does not count."))
                        .parameter(Parameter.flag("internal").described("Whether topics of the broker are listed too."))
                        .paged()
                        .gives(200, Convention.listOf("KafkaTopicList", TOPIC_SCHEMA))
                        .handledBy(this::list),
                Operation.post(TOPICS)
                        .id("createTopic")
                        .tag(TAG)
                        .summary("Make a topic")
                        .takes(CREATE)
                        .gives(201, TOPIC_SCHEMA)
                        .givesNothing(204)
                        .fails(400, "A field is wrong, or the broker refuses: `error_code` 40002.")
                        .handledBy(this::create),
                Operation.get(TOPIC)
                        .id("getTopic")
                        .tag(TAG)
                        .summary("Get a topic")
                        .gives(200, TOPIC_SCHEMA)
                        .fails(404, UNKNOWN)
                        .handledBy(call -> topic(call).thenApply(Answer::ok)),
                Operation.patch(TOPIC)
                        .id("updateTopic")
                        .tag(TAG)
                        .summary("Give a topic more partitions")
                        .takes(WIDEN)
                        .gives(200, TOPIC_SCHEMA)
                        .fails(404, UNKNOWN)
                        .handledBy(this::widen),
                Operation.delete(TOPIC)
                        .id("deleteTopic")
                        .tag(TAG)
                        .summary("Delete a topic with its records")
                        .givesNothing(204)
                        .fails(404, UNKNOWN)
                        .handledBy(
                                call -> topics().delete(call.text("topic_name")).thenApply(done -> Answer.nothing())));
    }

    private CompletionStage<Answer> list(Call call) {
        AdminCaller caller = connection.caller();
        String wanted = call.maybeText("search").orElse("").toLowerCase(Locale.ROOT);
        return new Topics(caller).list().thenCompose(all -> {
            List<Topic> found = all.stream()
                    .filter(topic -> call.flag("internal") || !topic.isInternal())
                    .filter(topic -> topic.name().toLowerCase(Locale.ROOT).contains(wanted))
                    .toList();
            Page.Cut<Topic> page = call.page().of(found, Topic::name);
            return new TopicFigures(caller).of(page.elements()).thenApply(figures -> {
                ArrayNode data = JsonNodeFactory.instance.arrayNode();
                page.elements().forEach(topic -> data.add(toJson(topic, figures, call)));
                return Answer.ok(call.page().list("KafkaTopicList", data, page.next()));
            });
        });
    }

    private CompletionStage<ObjectNode> topic(Call call) {
        return topic(call, call.text("topic_name"));
    }

    private CompletionStage<ObjectNode> topic(Call call, String name) {
        AdminCaller caller = connection.caller();
        return new Topics(caller).describe(name).thenCompose(topic -> new TopicFigures(caller)
                .of(List.of(topic))
                .thenApply(figures -> toJson(topic, figures, call)));
    }

    private CompletionStage<Answer> create(Call call) {
        JsonNode body = call.body();
        NewTopic topic = new NewTopic(
                body.get("topic_name").textValue(),
                number(body, "partitions_count"),
                number(body, "replication_factor"),
                configsOf(body));
        if (body.path("validate_only").asBoolean()) {
            return topics().validate(topic).thenApply(valid -> Answer.nothing());
        }
        String location = call.links().to("clusters", call.text("cluster_id"), "topics", topic.name());
        return topics().create(topic)
                .thenCompose(made -> topic(call, topic.name()))
                .thenApply(json -> Answer.created(location, json));
    }

    private static OptionalInt number(JsonNode body, String member) {
        return body.has(member) ? OptionalInt.of(body.get(member).intValue()) : OptionalInt.empty();
    }

    private static Map<String, String> configsOf(JsonNode body) {
        Map<String, String> configs = new LinkedHashMap<>();
        int place = 0;
        for (JsonNode config : body.path("configs")) {
            String name = config.get("name").textValue();
            if (configs.put(name, config.get("value").textValue()) != null) {
                throw Problem.invalid("configs[" + place + "].name", "is there twice: " + name)
                        .asException();
            }
            place++;
        }
        return configs;
    }

    private CompletionStage<Answer> widen(Call call) {
        int count = call.body().get("partitions_count").intValue();
        return topics().widen(call.text("topic_name"), count)
                .thenCompose(done -> topic(call))
                .thenApply(Answer::ok);
    }

    private Topics topics() {
        return new Topics(connection.caller());
    }

    private static ObjectNode toJson(Topic topic, Figures figures, Call call) {
        String cluster = call.text("cluster_id");
        Links links = call.links();
        String self = links.to("clusters", cluster, "topics", topic.name());
        ObjectNode json = Convention.thing("KafkaTopic", self, List.of("kafka", cluster, "topic", topic.name()));
        json.put("cluster_id", cluster)
                .put("topic_name", topic.name())
                .put("is_internal", topic.isInternal())
                .put("replication_factor", topic.replicationFactor())
                .put("partitions_count", topic.partitions().size())
                .put("records", figures.records(topic))
                .put("size_bytes", figures.sizeBytes(topic))
                .put("cleanup_policy", figures.cleanupPolicy(topic.name()));
        Convention.relate(json, "partitions", self + "/partitions");
        Convention.relate(json, "configs", self + "/configs");
        json.putArray("authorized_operations");
        return json;
    }
}
