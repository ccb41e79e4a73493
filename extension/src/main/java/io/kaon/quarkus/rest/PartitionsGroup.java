// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.AdminCaller;
import io.kaon.admin.AdminException;
import io.kaon.admin.TopicFigures;
import io.kaon.admin.TopicFigures.PartitionFigures;
import io.kaon.admin.Topics;
import io.kaon.admin.Topics.Partition;
import io.kaon.admin.Topics.Topic;
import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Partitions of a topic and their replicas, to be looked at. */
@Singleton
public class PartitionsGroup implements OperationGroup {
    private static final String TAG = "Partitions";
    private static final String PARTITIONS = "/clusters/{cluster_id}/topics/{topic_name}/partitions";
    private static final String PARTITION = PARTITIONS + "/{partition_id}";
    private static final String UNKNOWN = "There is no such topic or partition (`error_code` 40403).";

    private static final Schema PARTITION_SCHEMA = Convention.thing("KafkaPartition")
            .with("cluster_id", Schema.text())
            .with("topic_name", Schema.text())
            .with("partition_id", Schema.integer())
            .with("leader_id", Schema.integer().orNull().described("Null while nobody leads it."))
            .with("replica_ids", Schema.list(Schema.integer()))
            .with("in_sync_ids", Schema.list(Schema.integer()))
            .with("log_start_offset", Schema.int64())
            .with("log_end_offset", Schema.int64().described("The high watermark, which consumers see as the end."))
            .with("records", Schema.int64())
            .with("size_bytes", Schema.int64())
            .maybe("leader", Convention.RELATED)
            .with("replicas", Convention.RELATED);

    private static final Schema REPLICA_SCHEMA = Convention.thing("KafkaReplica")
            .with("cluster_id", Schema.text())
            .with("topic_name", Schema.text())
            .with("partition_id", Schema.integer())
            .with("broker_id", Schema.integer())
            .with("is_leader", Schema.flag())
            .with("is_in_sync", Schema.flag())
            .with("broker", Convention.RELATED);

    private final AdminConnection connection;

    PartitionsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(PARTITIONS)
                        .id("listPartitions")
                        .tag(TAG)
                        .summary("List the partitions of a topic")
                        .paged()
                        .gives(200, Convention.listOf("KafkaPartitionList", PARTITION_SCHEMA))
                        .fails(404, UNKNOWN)
                        .handledBy(this::list),
                Operation.get(PARTITION)
                        .id("getPartition")
                        .tag(TAG)
                        .summary("Get a partition")
                        .gives(200, PARTITION_SCHEMA)
                        .fails(404, UNKNOWN)
                        .handledBy(this::get),
                Operation.get(PARTITION + "/replicas")
                        .id("listReplicas")
                        .tag(TAG)
                        .summary("List the replicas of a partition")
                        .paged()
                        .gives(200, Convention.listOf("KafkaReplicaList", REPLICA_SCHEMA))
                        .fails(404, UNKNOWN)
                        .handledBy(this::replicas),
                Operation.get(PARTITION + "/replicas/{broker_id}")
                        .id("getReplica")
                        .tag(TAG)
                        .summary("Get a replica")
                        .gives(200, REPLICA_SCHEMA)
                        .fails(404, UNKNOWN)
                        .handledBy(this::replica));
    }

    private CompletionStage<Answer> list(Call call) {
        AdminCaller caller = connection.caller();
        return topic(call).thenCompose(topic -> {
            Page.Cut<Partition> page = call.page().of(topic.partitions(), partition -> Page.keyOf(partition.index()));
            Topic shown = new Topic(topic.name(), topic.isInternal(), page.elements());
            return new TopicFigures(caller).of(List.of(shown)).thenApply(figures -> {
                ArrayNode data = JsonNodeFactory.instance.arrayNode();
                page.elements()
                        .forEach(partition -> data.add(toJson(
                                call, partition, figures.of(new TopicPartition(topic.name(), partition.index())))));
                return Answer.ok(call.page().list("KafkaPartitionList", data, page.next()));
            });
        });
    }

    private CompletionStage<Answer> get(Call call) {
        AdminCaller caller = connection.caller();
        return topic(call).thenCompose(topic -> {
            Partition partition = partition(call, topic);
            Topic shown = new Topic(topic.name(), topic.isInternal(), List.of(partition));
            return new TopicFigures(caller)
                    .of(List.of(shown))
                    .thenApply(figures -> Answer.ok(
                            toJson(call, partition, figures.of(new TopicPartition(topic.name(), partition.index())))));
        });
    }

    private CompletionStage<Answer> replicas(Call call) {
        return topic(call).thenApply(topic -> {
            Partition partition = partition(call, topic);
            Page.Cut<Integer> page = call.page().of(partition.replicas(), Page::keyOf);
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            page.elements().forEach(broker -> data.add(toJson(call, partition, broker)));
            return Answer.ok(call.page().list("KafkaReplicaList", data, page.next()));
        });
    }

    private CompletionStage<Answer> replica(Call call) {
        return topic(call).thenApply(topic -> {
            Partition partition = partition(call, topic);
            int broker = call.integer("broker_id");
            if (!partition.replicas().contains(broker)) {
                throw Problem.of(404, "This broker has no replica of the partition.")
                        .asException();
            }
            return Answer.ok(toJson(call, partition, broker));
        });
    }

    private CompletionStage<Topic> topic(Call call) {
        return new Topics(connection.caller()).describe(call.text("topic_name"));
    }

    private static Partition partition(Call call, Topic topic) {
        int index = call.integer("partition_id");
        return topic.partitions().stream()
                .filter(partition -> partition.index() == index)
                .findFirst()
                .orElseThrow(() -> new AdminException(
                        ErrorCode.UNKNOWN_TOPIC_OR_PARTITION,
                        "The topic has no partition " + index + ": it has "
                                + topic.partitions().size() + ", counted from 0."));
    }

    private static ObjectNode toJson(Call call, Partition partition, PartitionFigures figures) {
        String cluster = call.text("cluster_id");
        String topic = call.text("topic_name");
        int index = partition.index();
        String self = call.links().to("clusters", cluster, "topics", topic, "partitions", index);
        ObjectNode json = Convention.thing(
                "KafkaPartition", self, List.of("kafka", cluster, "topic", topic, "partition", String.valueOf(index)));
        json.put("cluster_id", cluster).put("topic_name", topic).put("partition_id", index);
        json.put(
                "leader_id", partition.leader().isPresent() ? partition.leader().getAsInt() : null);
        ArrayNode replicas = json.putArray("replica_ids");
        partition.replicas().forEach(replicas::add);
        ArrayNode inSync = json.putArray("in_sync_ids");
        partition.inSync().forEach(inSync::add);
        json.put("log_start_offset", figures.logStartOffset())
                .put("log_end_offset", figures.logEndOffset())
                .put("records", figures.records())
                .put("size_bytes", figures.sizeBytes());
        partition.leader().ifPresent(leader -> Convention.relate(json, "leader", self + "/replicas/" + leader));
        Convention.relate(json, "replicas", self + "/replicas");
        return json;
    }

    private static ObjectNode toJson(Call call, Partition partition, int broker) {
        String cluster = call.text("cluster_id");
        String topic = call.text("topic_name");
        String index = String.valueOf(partition.index());
        ObjectNode json = Convention.thing(
                "KafkaReplica",
                call.links().to("clusters", cluster, "topics", topic, "partitions", index, "replicas", broker),
                List.of("kafka", cluster, "topic", topic, "partition", index, "replica", String.valueOf(broker)));
        json.put("cluster_id", cluster)
                .put("topic_name", topic)
                .put("partition_id", partition.index())
                .put("broker_id", broker)
                .put("is_leader", partition.leader().orElse(-1) == broker)
                .put("is_in_sync", partition.inSync().contains(broker));
        Convention.relate(json, "broker", call.links().to("clusters", cluster, "brokers", broker));
        return json;
    }
}
