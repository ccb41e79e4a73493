// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.Clusters;
import io.kaon.admin.Clusters.Cluster;
import io.kaon.admin.Clusters.Node;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Brokers, to be looked at. */
@Singleton
public class BrokersGroup implements OperationGroup {
    private static final String TAG = "Brokers";
    private static final String BROKERS = "/clusters/{cluster_id}/brokers";
    private static final Schema BROKER = Convention.thing("KafkaBroker")
            .with("cluster_id", Schema.text())
            .with("broker_id", Schema.integer())
            .with("host", Schema.text().described("As clients are told."))
            .with("port", Schema.integer())
            .with("rack", Schema.text().orNull())
            .with("is_controller", Schema.flag())
            .with("configs", Convention.RELATED);

    private final AdminConnection connection;

    BrokersGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get(BROKERS)
                        .id("listBrokers")
                        .tag(TAG)
                        .summary("List the brokers of the cluster")
                        .paged()
                        .gives(200, Convention.listOf("KafkaBrokerList", BROKER))
                        .handledBy(this::list),
                Operation.get(BROKERS + "/{broker_id}")
                        .id("getBroker")
                        .tag(TAG)
                        .summary("Get a broker")
                        .gives(200, BROKER)
                        .fails(404, "There is no broker of that id.")
                        .handledBy(this::get));
    }

    private CompletionStage<Answer> list(Call call) {
        return cluster().thenApply(cluster -> {
            Page.Cut<Node> page = call.page().of(cluster.brokers(), node -> Page.keyOf(node.id()));
            ArrayNode data = JsonNodeFactory.instance.arrayNode();
            page.elements().forEach(node -> data.add(toJson(call, cluster, node)));
            return Answer.ok(call.page().list("KafkaBrokerList", data, page.next()));
        });
    }

    private CompletionStage<Answer> get(Call call) {
        return cluster().thenApply(cluster -> cluster.broker(call.integer("broker_id"))
                .map(node -> Answer.ok(toJson(call, cluster, node)))
                .orElseThrow(
                        () -> Problem.of(404, "There is no broker of that id.").asException()));
    }

    private CompletionStage<Cluster> cluster() {
        return new Clusters(connection.caller()).describe();
    }

    private static ObjectNode toJson(Call call, Cluster cluster, Node node) {
        String self = call.links().to("clusters", cluster.id(), "brokers", node.id());
        ObjectNode json = Convention.thing(
                "KafkaBroker", self, List.of("kafka", cluster.id(), "broker", String.valueOf(node.id())));
        json.put("cluster_id", cluster.id())
                .put("broker_id", node.id())
                .put("host", node.host())
                .put("port", node.port())
                .put("rack", node.rack().isEmpty() ? null : node.rack())
                .put("is_controller", cluster.controllerId().orElse(-1) == node.id());
        Convention.relate(json, "configs", self + "/configs");
        return json;
    }
}
