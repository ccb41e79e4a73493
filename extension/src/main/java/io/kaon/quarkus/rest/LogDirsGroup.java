// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.LogDirs;
import io.kaon.admin.LogDirs.LogDir;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Where brokers keep their logs. */
@Singleton
public class LogDirsGroup implements OperationGroup {
    private static final int NO_SUCH_BROKER = 40405;
    private static final Schema TOPIC = Schema.object()
            .named("KaonLogDirTopic")
            .with("topic_name", Schema.text())
            .with("partitions_count", Schema.integer())
            .with("size_bytes", Schema.int64());
    private static final Schema LOG_DIR = Schema.object()
            .named("KaonLogDir")
            .with("kind", Schema.choice("KaonLogDir"))
            .with("broker_id", Schema.integer())
            .with("path", Schema.text())
            .with("error", Schema.text().orNull().described("Why it cannot be used; null when it can."))
            .with("total_bytes", Schema.int64().orNull().described("Of the volume."))
            .with("usable_bytes", Schema.int64().orNull().described("Of the volume."))
            .with("size_bytes", Schema.int64().described("Of all logs in it."))
            .with("topics", Schema.list(TOPIC).described("The largest first."));

    private final AdminConnection connection;

    LogDirsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(Operation.get("/clusters/{cluster_id}/brokers/{broker_id}/log-dirs")
                .id("listLogDirs")
                .tag("Brokers")
                .summary("List the data directories of a broker, and what topics take in them")
                .gives(200, Convention.listOf("KaonLogDirList", LOG_DIR))
                .fails(404, "There is no such broker.")
                .handledBy(this::list));
    }

    private CompletionStage<Answer> list(Call call) {
        int broker = call.integer("broker_id");
        if (broker != connection.broker().options().nodeId()) {
            throw Problem.of(404, NO_SUCH_BROKER, "There is no broker " + broker + " here.")
                    .asException();
        }
        return new LogDirs(connection.caller()).describe().thenApply(directories -> {
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            directories.forEach(directory -> data.add(toJson(broker, directory)));
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", "KaonLogDirList");
            json.putObject("metadata").put("self", call.links().self()).putNull("next");
            json.set("data", data);
            return Answer.ok(json);
        });
    }

    private static ObjectNode toJson(int broker, LogDir directory) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "KaonLogDir")
                .put("broker_id", broker)
                .put("path", directory.path())
                .put("error", directory.error().map(Enum::name).orElse(null));
        put(json, "total_bytes", directory.totalBytes());
        put(json, "usable_bytes", directory.usableBytes());
        json.put(
                "size_bytes",
                directory.topics().stream().mapToLong(LogDirs.TopicSize::bytes).sum());
        ArrayNode topics = json.putArray("topics");
        directory.topics().forEach(topic -> topics.addObject()
                .put("topic_name", topic.topic())
                .put("partitions_count", topic.partitions())
                .put("size_bytes", topic.bytes()));
        return json;
    }

    private static void put(ObjectNode json, String member, OptionalLong bytes) {
        if (bytes.isPresent()) {
            json.put(member, bytes.getAsLong());
        } else {
            json.putNull(member);
        }
    }
}
