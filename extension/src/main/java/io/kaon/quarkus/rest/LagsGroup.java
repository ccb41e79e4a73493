// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.AdminCaller;
import io.kaon.admin.Groups;
import io.kaon.admin.Groups.Group;
import io.kaon.admin.Groups.Member;
import io.kaon.admin.Lags;
import io.kaon.admin.Lags.GroupLags;
import io.kaon.admin.Lags.Lag;
import io.kaon.common.TopicPartition;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** How far consumer groups are behind. */
@Singleton
public class LagsGroup implements OperationGroup {
    private static final String GROUP = ConsumerGroupsGroup.GROUP;

    private static final Schema LAG = Convention.thing("KafkaConsumerLag")
            .with("cluster_id", Schema.text())
            .with("consumer_group_id", Schema.text())
            .with("topic_name", Schema.text())
            .with("partition_id", Schema.integer())
            .with("consumer_id", Schema.text().described("Who has the partition; empty when nobody has it."))
            .with("instance_id", Schema.text().orNull())
            .with("client_id", Schema.text())
            .with("current_offset", Schema.int64().described("What the group has committed."))
            .with("log_end_offset", Schema.int64())
            .with("lag", Schema.int64());

    private static final Schema SUMMARY = Convention.thing("KafkaConsumerGroupLagSummary")
            .with("cluster_id", Schema.text())
            .with("consumer_group_id", Schema.text())
            .with("max_lag_consumer_id", Schema.text())
            .with("max_lag_instance_id", Schema.text().orNull())
            .with("max_lag_client_id", Schema.text())
            .with("max_lag_topic_name", Schema.text().orNull().described("Null without committed offsets."))
            .with("max_lag_partition_id", Schema.integer().orNull())
            .with("max_lag", Schema.int64())
            .with("total_lag", Schema.int64())
            .maybe("max_lag_consumer", Convention.RELATED)
            .maybe("max_lag_partition", Convention.RELATED);

    private final AdminConnection connection;

    LagsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(GROUP + "/lag-summary")
                        .id("getConsumerGroupLagSummary")
                        .tag(ConsumerGroupsGroup.TAG)
                        .summary("Get how far a group is behind, in one line")
                        .gives(200, SUMMARY)
                        .fails(404, ConsumerGroupsGroup.UNKNOWN)
                        .handledBy(this::summary),
                Operation.get(GROUP + "/lags")
                        .id("listConsumerLags")
                        .tag(ConsumerGroupsGroup.TAG)
                        .summary("List how far a group is behind in each partition")
                        .paged()
                        .gives(200, Convention.listOf("KafkaConsumerLagList", LAG))
                        .fails(404, ConsumerGroupsGroup.UNKNOWN)
                        .handledBy(this::list),
                Operation.get(GROUP + "/lags/{topic_name}/partitions/{partition_id}")
                        .id("getConsumerLag")
                        .tag(ConsumerGroupsGroup.TAG)
                        .summary("Get how far a group is behind in a partition")
                        .gives(200, LAG)
                        .fails(404, "There is no such group, or it has committed no offset for the partition.")
                        .handledBy(this::get));
    }

    /** A group and how far it is behind. */
    private record Behind(Group group, GroupLags lags) {}

    private CompletionStage<Behind> behind(Call call) {
        AdminCaller caller = connection.caller();
        String id = call.text("consumer_group_id");
        return new Groups(caller).describe(id).thenCompose(group -> new Lags(caller)
                .of(List.of(id))
                .thenApply(lags -> new Behind(group, lags.getOrDefault(id, new GroupLags(List.of())))));
    }

    private CompletionStage<Answer> list(Call call) {
        return behind(call).thenApply(behind -> {
            Page.Cut<Lag> page = call.page()
                    .of(
                            behind.lags().all(),
                            lag -> lag.partition().topic() + "/"
                                    + Page.keyOf(lag.partition().partition()));
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            page.elements().forEach(lag -> data.add(toJson(call, behind.group(), lag)));
            return Answer.ok(call.page().list("KafkaConsumerLagList", data, page.next()));
        });
    }

    private CompletionStage<Answer> get(Call call) {
        TopicPartition partition = new TopicPartition(call.text("topic_name"), call.integer("partition_id"));
        return behind(call).thenApply(behind -> behind.lags()
                .of(partition)
                .map(lag -> Answer.ok(toJson(call, behind.group(), lag)))
                .orElseThrow(() -> Problem.of(404, "The group has committed no offset for this partition.")
                        .asException()));
    }

    private CompletionStage<Answer> summary(Call call) {
        return behind(call).thenApply(behind -> {
            String cluster = call.text("cluster_id");
            String group = call.text("consumer_group_id");
            Links links = call.links();
            Optional<Lag> farthest = behind.lags().farthest();
            Optional<Member> owner = farthest.flatMap(lag -> behind.group().owner(lag.partition()));
            ObjectNode json = Convention.thing(
                    "KafkaConsumerGroupLagSummary",
                    links.to("clusters", cluster, "consumer-groups", group, "lag-summary"),
                    List.of("kafka", cluster, "consumer-group", group, "lag-summary", "-"));
            json.put("cluster_id", cluster)
                    .put("consumer_group_id", group)
                    .put("max_lag_consumer_id", owner.map(Member::id).orElse(""))
                    .put(
                            "max_lag_instance_id",
                            owner.flatMap(Member::instanceId).orElse(null))
                    .put("max_lag_client_id", owner.map(Member::clientId).orElse(""))
                    .put(
                            "max_lag_topic_name",
                            farthest.map(lag -> lag.partition().topic()).orElse(null))
                    .put(
                            "max_lag_partition_id",
                            farthest.map(lag -> lag.partition().partition()).orElse(null))
                    .put("max_lag", farthest.map(Lag::records).orElse(0L))
                    .put("total_lag", behind.lags().total());
            owner.ifPresent(member -> Convention.relate(
                    json,
                    "max_lag_consumer",
                    links.to("clusters", cluster, "consumer-groups", group, "consumers", member.id())));
            farthest.map(Lag::partition)
                    .ifPresent(partition -> Convention.relate(
                            json,
                            "max_lag_partition",
                            links.to(
                                    "clusters",
                                    cluster,
                                    "topics",
                                    partition.topic(),
                                    "partitions",
                                    partition.partition())));
            return Answer.ok(json);
        });
    }

    static String addressOf(Links links, String cluster, String group, TopicPartition partition) {
        return links.to(
                "clusters",
                cluster,
                "consumer-groups",
                group,
                "lags",
                partition.topic(),
                "partitions",
                partition.partition());
    }

    private static ObjectNode toJson(Call call, Group group, Lag lag) {
        String cluster = call.text("cluster_id");
        TopicPartition partition = lag.partition();
        Optional<Member> owner = group.owner(partition);
        ObjectNode json = Convention.thing(
                "KafkaConsumerLag",
                addressOf(call.links(), cluster, group.id(), partition),
                List.of("kafka", cluster, "consumer-group", group.id(), "lag", partition.toString()));
        return json.put("cluster_id", cluster)
                .put("consumer_group_id", group.id())
                .put("topic_name", partition.topic())
                .put("partition_id", partition.partition())
                .put("consumer_id", owner.map(Member::id).orElse(""))
                .put("instance_id", owner.flatMap(Member::instanceId).orElse(null))
                .put("client_id", owner.map(Member::clientId).orElse(""))
                .put("current_offset", lag.committedOffset())
                .put("log_end_offset", lag.logEndOffset())
                .put("lag", lag.records());
    }
}
