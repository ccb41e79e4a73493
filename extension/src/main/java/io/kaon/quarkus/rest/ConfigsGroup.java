// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.Configs;
import io.kaon.admin.Configs.Change;
import io.kaon.admin.Configs.Resource;
import io.kaon.admin.Configs.Setting;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Settings of topics, of a broker, and of all brokers: the same operations for each. */
@Singleton
public class ConfigsGroup implements OperationGroup {
    private static final String TAG = "Settings";
    private static final int MAX_NAME = 249;
    private static final int MAX_VALUE = 32_768;
    private static final int MAX_CHANGES = 200;
    private static final String SET = "SET";
    private static final String DELETE = "DELETE";

    private static final Schema SYNONYM = Schema.object()
            .named("ConfigSynonym")
            .with("name", Schema.text())
            .with("value", Schema.text().orNull())
            .with("source", Schema.text());

    private static final Schema SETTING = Schema.object()
            .with("cluster_id", Schema.text())
            .with("name", Schema.text())
            .with("value", Schema.text().orNull().described("Null when there is none, and for secrets."))
            .with("is_default", Schema.flag())
            .with("is_read_only", Schema.flag())
            .with("is_sensitive", Schema.flag())
            .with("source", Schema.text().described("Where the value is from."))
            .with("type", Schema.text())
            .with("documentation", Schema.text())
            .with("synonyms", Schema.list(SYNONYM).described("Where else it can be set, what counts first."));

    private static final Schema UPDATE = Schema.object()
            .named("UpdateConfigRequest")
            .with("value", Schema.text().max(MAX_VALUE).orNull().described("Null takes back what was set."));

    private static final Schema ALTER = Schema.object()
            .named("AlterConfigsRequest")
            .with(
                    "data",
                    Schema.list(Schema.object()
                                    .named("ConfigChange")
                                    .with("name", Schema.text().min(1).max(MAX_NAME))
                                    .maybe("value", Schema.text().max(MAX_VALUE).orNull())
                                    .maybe(
                                            "operation",
                                            Schema.choice(SET, DELETE)
                                                    .described("SET without it.")
                                                    .orNull()))
                            .min(1)
                            .max(MAX_CHANGES))
            .maybe("validate_only", Schema.flag().described("Checks everything and changes nothing."));

    /**
     * What has settings.
     *
     * @param path of it, below which its settings are
     * @param suffix of the path: {@code configs}, or {@code broker-configs} below the cluster itself
     * @param kind of a setting
     * @param noun for ids and sentences
     */
    private record Owner(
            String path, String suffix, String kind, String noun, Schema schema, Function<Call, Resource> resource) {
        String all() {
            return path + "/" + suffix;
        }

        String one() {
            return all() + "/{name}";
        }

        Schema list() {
            return Convention.listOf(kind + "List", schema);
        }
    }

    private static final Owner TOPIC = new Owner(
            "/clusters/{cluster_id}/topics/{topic_name}",
            "configs",
            "KafkaTopicConfig",
            "Topic",
            Convention.thing("KafkaTopicConfig").withAll(SETTING).with("topic_name", Schema.text()),
            call -> Resource.topic(call.text("topic_name")));
    private static final Owner BROKER = new Owner(
            "/clusters/{cluster_id}/brokers/{broker_id}",
            "configs",
            "KafkaBrokerConfig",
            "Broker",
            Convention.thing("KafkaBrokerConfig").withAll(SETTING).with("broker_id", Schema.integer()),
            call -> Resource.broker(call.integer("broker_id")));
    private static final Owner ALL_BROKERS = new Owner(
            "/clusters/{cluster_id}",
            "broker-configs",
            "KafkaClusterConfig",
            "Cluster",
            Convention.thing("KafkaClusterConfig").withAll(SETTING).with("config_type", Schema.choice("BROKER")),
            call -> Resource.allBrokers());

    private final AdminConnection connection;

    ConfigsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        for (Owner owner : List.of(TOPIC, BROKER, ALL_BROKERS)) {
            operations.addAll(reading(owner));
            operations.addAll(writing(owner));
        }
        return operations;
    }

    private List<Operation> reading(Owner owner) {
        String noun = owner.noun().toLowerCase(Locale.ROOT);
        return List.of(
                Operation.get(owner.all())
                        .id("list" + owner.noun() + "Configs")
                        .tag(TAG)
                        .summary("List the settings of a " + noun)
                        .paged()
                        .gives(200, owner.list())
                        .fails(404, "There is no such " + noun + ".")
                        .handledBy(call -> list(call, owner)),
                Operation.get(owner.one())
                        .id("get" + owner.noun() + "Config")
                        .tag(TAG)
                        .summary("Get a setting of a " + noun)
                        .gives(200, owner.schema())
                        .fails(404, "There is no such " + noun + " or setting.")
                        .handledBy(call -> get(call, owner)));
    }

    private List<Operation> writing(Owner owner) {
        String noun = owner.noun().toLowerCase(Locale.ROOT);
        String refused = "A field is wrong, or the broker refuses: `error_code` 40002.";
        return List.of(
                Operation.put(owner.one())
                        .id("update" + owner.noun() + "Config")
                        .tag(TAG)
                        .summary("Set a setting of a " + noun)
                        .takes(UPDATE)
                        .givesNothing(204)
                        .fails(400, refused)
                        .fails(404, "There is no such " + noun + ".")
                        .handledBy(call -> alter(
                                call,
                                owner,
                                List.of(new Change(
                                        call.text("name"),
                                        Optional.ofNullable(
                                                call.body().get("value").textValue()))))),
                Operation.delete(owner.one())
                        .id("reset" + owner.noun() + "Config")
                        .tag(TAG)
                        .summary("Take back what was set for a " + noun)
                        .givesNothing(204)
                        .fails(400, refused)
                        .fails(404, "There is no such " + noun + ".")
                        .handledBy(
                                call -> alter(call, owner, List.of(new Change(call.text("name"), Optional.empty())))),
                Operation.post(owner.all() + ":alter")
                        .id("alter" + owner.noun() + "Configs")
                        .tag(TAG)
                        .summary("Change several settings of a " + noun + ", all or none")
                        .takes(ALTER)
                        .givesNothing(204)
                        .fails(400, refused)
                        .fails(404, "There is no such " + noun + ".")
                        .handledBy(call -> alter(call, owner)));
    }

    private CompletionStage<Answer> list(Call call, Owner owner) {
        return settings(call, owner).thenApply(settings -> {
            Page.Cut<Setting> page = call.page().of(settings, Setting::name);
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            page.elements().forEach(setting -> data.add(toJson(call, owner, setting)));
            return Answer.ok(call.page().list(owner.kind() + "List", data, page.next()));
        });
    }

    private CompletionStage<Answer> get(Call call, Owner owner) {
        String name = call.text("name");
        return settings(call, owner).thenApply(settings -> settings.stream()
                .filter(setting -> setting.name().equals(name))
                .findFirst()
                .map(setting -> Answer.ok(toJson(call, owner, setting)))
                .orElseThrow(() -> Configs.unknown(name)));
    }

    private CompletionStage<List<Setting>> settings(Call call, Owner owner) {
        return new Configs(connection.caller()).describe(owner.resource().apply(call));
    }

    private CompletionStage<Answer> alter(Call call, Owner owner, List<Change> changes) {
        return new Configs(connection.caller())
                .alter(owner.resource().apply(call), changes)
                .thenApply(done -> Answer.nothing());
    }

    private CompletionStage<Answer> alter(Call call, Owner owner) {
        List<Change> changes = changesOf(call.body().get("data"));
        if (call.body().path("validate_only").asBoolean()) {
            return new Configs(connection.caller())
                    .validate(owner.resource().apply(call), changes)
                    .thenApply(valid -> Answer.nothing());
        }
        return alter(call, owner, changes);
    }

    private static List<Change> changesOf(JsonNode data) {
        List<Change> changes = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (JsonNode change : data) {
            String place = "data[" + changes.size() + "]";
            String name = change.get("name").textValue();
            if (!seen.add(name)) {
                throw Problem.invalid(place + ".name", "is there twice: " + name)
                        .asException();
            }
            boolean deletes = change.path("operation").asText(SET).equals(DELETE);
            String value = change.path("value").textValue();
            if (deletes && value != null) {
                throw Problem.invalid(place + ".value", "is not expected when the operation is DELETE")
                        .asException();
            }
            if (!deletes && value == null) {
                throw Problem.invalid(place + ".value", "is missing: a text is expected when the operation is SET")
                        .asException();
            }
            changes.add(new Change(name, Optional.ofNullable(value)));
        }
        return changes;
    }

    private static ObjectNode toJson(Call call, Owner owner, Setting setting) {
        String cluster = call.text("cluster_id");
        List<String> names = new ArrayList<>(List.of("kafka", cluster));
        String self = call.links().to("clusters", cluster);
        if (owner == TOPIC) {
            names.addAll(List.of("topic", call.text("topic_name")));
            self = call.links().to("clusters", cluster, "topics", call.text("topic_name"));
        } else if (owner == BROKER) {
            names.addAll(List.of("broker", String.valueOf(call.integer("broker_id"))));
            self = call.links().to("clusters", cluster, "brokers", call.integer("broker_id"));
        }
        names.addAll(List.of(owner == ALL_BROKERS ? "broker-config" : "config", setting.name()));
        ObjectNode json = Convention.thing(owner.kind(), self + "/" + owner.suffix() + "/" + setting.name(), names);
        if (owner == TOPIC) {
            json.put("topic_name", call.text("topic_name"));
        } else if (owner == BROKER) {
            json.put("broker_id", call.integer("broker_id"));
        } else {
            json.put("config_type", "BROKER");
        }
        return fill(json.put("cluster_id", cluster), setting);
    }

    private static ObjectNode fill(ObjectNode json, Setting setting) {
        json.put("name", setting.name())
                .put("value", setting.value().orElse(null))
                .put("is_default", setting.isDefault())
                .put("is_read_only", setting.traits().isReadOnly())
                .put("is_sensitive", setting.traits().isSensitive())
                .put("source", setting.source())
                .put("type", setting.type())
                .put("documentation", setting.documentation());
        ArrayNode synonyms = json.putArray("synonyms");
        setting.synonyms().forEach(synonym -> synonyms.addObject()
                .put("name", synonym.name())
                .put("value", synonym.value().orElse(null))
                .put("source", synonym.source()));
        return json;
    }
}
