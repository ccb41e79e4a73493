// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.AdminCaller;
import io.kaon.admin.Groups;
import io.kaon.admin.Groups.Group;
import io.kaon.admin.Groups.Listing;
import io.kaon.admin.Groups.Member;
import io.kaon.admin.Lags;
import io.kaon.admin.Lags.GroupLags;
import io.kaon.common.TopicPartition;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;

/** Groups of consumers and their members, to be looked at. */
@Singleton
public class ConsumerGroupsGroup implements OperationGroup {
    static final String TAG = "Consumer groups";
    static final String GROUPS = "/clusters/{cluster_id}/consumer-groups";
    static final String GROUP = GROUPS + "/{consumer_group_id}";
    static final String UNKNOWN = "There is no group of that id.";
    private static final String CONSUMERS = GROUP + "/consumers";
    private static final int MAX_SEARCH = 249;

    private static final Schema GROUP_SCHEMA = Convention.thing("KafkaConsumerGroup")
            .with("cluster_id", Schema.text())
            .with("consumer_group_id", Schema.text())
            .with("is_simple", Schema.flag().described("Whether it only keeps offsets for somebody."))
            .with("partition_assignor", Schema.text().described("Empty without members."))
            .with("state", Schema.text().described("Kafka's states in capitals, such as STABLE or EMPTY."))
            .with("type", Schema.choice("CLASSIC", "CONSUMER").described("Which protocol its members speak."))
            .with("protocol_type", Schema.text())
            .with("members_count", Schema.integer())
            .with("topics", Schema.list(Schema.text()).described("Of which it has partitions or committed offsets."))
            .with("total_lag", Schema.int64().described("In all partitions with a committed offset."))
            .with("coordinator", Convention.RELATED)
            .with("consumers", Convention.RELATED)
            .with("lag_summary", Convention.RELATED);

    private static final Schema CONSUMER = Convention.thing("KafkaConsumer")
            .with("cluster_id", Schema.text())
            .with("consumer_group_id", Schema.text())
            .with("consumer_id", Schema.text())
            .with("instance_id", Schema.text().orNull())
            .with("client_id", Schema.text())
            .with("host", Schema.text())
            .with("partitions_count", Schema.integer())
            .with("assignments", Convention.RELATED);

    private static final Schema ASSIGNMENT = Convention.thing("KafkaConsumerAssignment")
            .with("cluster_id", Schema.text())
            .with("consumer_group_id", Schema.text())
            .with("consumer_id", Schema.text())
            .with("topic_name", Schema.text())
            .with("partition_id", Schema.integer())
            .with("partition", Convention.RELATED)
            .with("lag", Convention.RELATED);

    private final AdminConnection connection;

    ConsumerGroupsGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(GROUPS)
                        .id("listConsumerGroups")
                        .tag(TAG)
                        .summary("List consumer groups")
                        .description("In the order of their ids, with what they read and how far they are behind.")
                        .parameter(Parameter.text("search", MAX_SEARCH)
                                .described("A part of the id; case does not count."))
                        .paged()
                        .gives(200, Convention.listOf("KafkaConsumerGroupList", GROUP_SCHEMA))
                        .handledBy(this::list),
                Operation.get(GROUP)
                        .id("getConsumerGroup")
                        .tag(TAG)
                        .summary("Get a consumer group")
                        .gives(200, GROUP_SCHEMA)
                        .fails(404, UNKNOWN)
                        .handledBy(this::get),
                Operation.get(CONSUMERS)
                        .id("listConsumers")
                        .tag(TAG)
                        .summary("List the members of a group")
                        .paged()
                        .gives(200, Convention.listOf("KafkaConsumerList", CONSUMER))
                        .fails(404, UNKNOWN)
                        .handledBy(this::consumers),
                Operation.get(CONSUMERS + "/{consumer_id}")
                        .id("getConsumer")
                        .tag(TAG)
                        .summary("Get a member of a group")
                        .gives(200, CONSUMER)
                        .fails(404, "There is no such group or member.")
                        .handledBy(this::consumer),
                Operation.get(CONSUMERS + "/{consumer_id}/assignments")
                        .id("listConsumerAssignments")
                        .tag(TAG)
                        .summary("List the partitions that a member has")
                        .paged()
                        .gives(200, Convention.listOf("KafkaConsumerAssignmentList", ASSIGNMENT))
                        .fails(404, "There is no such group or member.")
                        .handledBy(this::assignments));
    }

    /** Four calls to the broker, however many groups are on the page. */
    private CompletionStage<Answer> list(Call call) {
        AdminCaller caller = connection.caller();
        Groups groups = new Groups(caller);
        String wanted = call.maybeText("search").orElse("").toLowerCase(Locale.ROOT);
        return groups.list().thenCompose(all -> {
            List<Listing> found = all.stream()
                    .filter(group -> group.id().toLowerCase(Locale.ROOT).contains(wanted))
                    .toList();
            Page.Cut<Listing> page = call.page().of(found, Listing::id);
            List<String> ids = page.elements().stream().map(Listing::id).toList();
            CompletionStage<Map<String, GroupLags>> lags = new Lags(caller).of(ids);
            return groups.describe(ids).thenCombine(lags, (described, behind) -> {
                ArrayNode data = JsonNodeFactory.instance.arrayNode();
                ids.stream()
                        .filter(described::containsKey) // It may have gone meanwhile.
                        .forEach(id -> data.add(
                                toJson(call, described.get(id), behind.getOrDefault(id, new GroupLags(List.of())))));
                return Answer.ok(call.page().list("KafkaConsumerGroupList", data, page.next()));
            });
        });
    }

    private CompletionStage<Answer> get(Call call) {
        AdminCaller caller = connection.caller();
        String id = call.text("consumer_group_id");
        return new Groups(caller).describe(id).thenCompose(group -> new Lags(caller)
                .of(List.of(id))
                .thenApply(lags -> Answer.ok(toJson(call, group, lags.getOrDefault(id, new GroupLags(List.of()))))));
    }

    private CompletionStage<Answer> consumers(Call call) {
        return group(call).thenApply(group -> {
            Page.Cut<Member> page = call.page().of(group.members(), Member::id);
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            page.elements().forEach(member -> data.add(toJson(call, member)));
            return Answer.ok(call.page().list("KafkaConsumerList", data, page.next()));
        });
    }

    private CompletionStage<Answer> consumer(Call call) {
        return group(call).thenApply(group -> Answer.ok(toJson(call, member(call, group))));
    }

    private CompletionStage<Answer> assignments(Call call) {
        return group(call).thenApply(group -> {
            Member member = member(call, group);
            Page.Cut<TopicPartition> page = call.page()
                    .of(member.assignment(), partition -> partition.topic() + "/" + Page.keyOf(partition.partition()));
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            page.elements().forEach(partition -> data.add(toJson(call, member, partition)));
            return Answer.ok(call.page().list("KafkaConsumerAssignmentList", data, page.next()));
        });
    }

    private CompletionStage<Group> group(Call call) {
        return new Groups(connection.caller()).describe(call.text("consumer_group_id"));
    }

    private static Member member(Call call, Group group) {
        String id = call.text("consumer_id");
        return group.members().stream()
                .filter(member -> member.id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        Problem.of(404, "The group has no member of that id.").asException());
    }

    private ObjectNode toJson(Call call, Group group, GroupLags lags) {
        String cluster = call.text("cluster_id");
        String self = call.links().to("clusters", cluster, "consumer-groups", group.id());
        ObjectNode json =
                Convention.thing("KafkaConsumerGroup", self, List.of("kafka", cluster, "consumer-group", group.id()));
        json.put("cluster_id", cluster)
                .put("consumer_group_id", group.id())
                .put("is_simple", group.isSimple())
                .put("partition_assignor", group.assignor())
                .put("state", inCapitals(group.listing().state()))
                .put("type", group.listing().type().toUpperCase(Locale.ROOT))
                .put("protocol_type", group.listing().protocolType())
                .put("members_count", group.members().size());
        ArrayNode topics = json.putArray("topics");
        topicsOf(group, lags).forEach(topics::add);
        json.put("total_lag", lags.total());
        // Groups are listed by the broker that coordinates them, which is the one that is asked.
        int coordinator = connection.broker().options().nodeId();
        Convention.relate(json, "coordinator", call.links().to("clusters", cluster, "brokers", coordinator));
        Convention.relate(json, "consumers", self + "/consumers");
        Convention.relate(json, "lag_summary", self + "/lag-summary");
        return json;
    }

    private static Set<String> topicsOf(Group group, GroupLags lags) {
        Set<String> topics = new TreeSet<>();
        lags.all().forEach(lag -> topics.add(lag.partition().topic()));
        group.members().forEach(member -> member.assignment().forEach(partition -> topics.add(partition.topic())));
        return topics;
    }

    /** {@code PreparingRebalance} is PREPARING_REBALANCE in the convention. */
    private static String inCapitals(String state) {
        return state.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT);
    }

    private static ObjectNode toJson(Call call, Member member) {
        String cluster = call.text("cluster_id");
        String group = call.text("consumer_group_id");
        String self = call.links().to("clusters", cluster, "consumer-groups", group, "consumers", member.id());
        ObjectNode json = Convention.thing(
                "KafkaConsumer", self, List.of("kafka", cluster, "consumer-group", group, "consumer", member.id()));
        json.put("cluster_id", cluster)
                .put("consumer_group_id", group)
                .put("consumer_id", member.id())
                .put("instance_id", member.instanceId().orElse(null))
                .put("client_id", member.clientId())
                .put("host", member.host())
                .put("partitions_count", member.assignment().size());
        Convention.relate(json, "assignments", self + "/assignments");
        return json;
    }

    private static ObjectNode toJson(Call call, Member member, TopicPartition partition) {
        String cluster = call.text("cluster_id");
        String group = call.text("consumer_group_id");
        Links links = call.links();
        ObjectNode json = Convention.thing(
                "KafkaConsumerAssignment",
                links.to("clusters", cluster, "consumer-groups", group, "consumers", member.id(), "assignments"),
                List.of(
                        "kafka",
                        cluster,
                        "consumer-group",
                        group,
                        "consumer",
                        member.id(),
                        "assignment",
                        partition.toString()));
        json.put("cluster_id", cluster)
                .put("consumer_group_id", group)
                .put("consumer_id", member.id())
                .put("topic_name", partition.topic())
                .put("partition_id", partition.partition());
        Convention.relate(
                json,
                "partition",
                links.to("clusters", cluster, "topics", partition.topic(), "partitions", partition.partition()));
        Convention.relate(json, "lag", LagsGroup.addressOf(links, cluster, group, partition));
        return json;
    }
}
