// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kaon.admin.Clusters;
import io.kaon.admin.Clusters.Cluster;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The cluster; there is one. */
@Singleton
public class ClustersGroup implements OperationGroup {
    private static final String TAG = "Clusters";
    private static final Schema CLUSTER = Convention.thing("KafkaCluster")
            .with("cluster_id", Schema.text())
            .maybe("controller", Convention.RELATED)
            .with("acls", Convention.RELATED)
            .with("brokers", Convention.RELATED)
            .with("broker_configs", Convention.RELATED)
            .with("consumer_groups", Convention.RELATED)
            .with("topics", Convention.RELATED);

    private final AdminConnection connection;

    ClustersGroup(AdminConnection connection) {
        this.connection = connection;
    }

    @Override
    public List<Operation> operations() {
        return List.of(
                Operation.get("/clusters")
                        .id("listClusters")
                        .tag(TAG)
                        .summary("List the clusters")
                        .paged()
                        .gives(200, Convention.listOf("KafkaClusterList", CLUSTER))
                        .handledBy(this::list),
                Operation.get("/clusters/{cluster_id}")
                        .id("getCluster")
                        .tag(TAG)
                        .summary("Get the cluster")
                        .gives(200, CLUSTER)
                        .handledBy(this::get));
    }

    private CompletionStage<Answer> list(Call call) {
        return clusters().describe().thenApply(cluster -> {
            ArrayNode data = JsonNodeFactory.instance.arrayNode().add(toJson(cluster, call.links()));
            return Answer.ok(call.page().list("KafkaClusterList", data, Optional.empty()));
        });
    }

    private CompletionStage<Answer> get(Call call) {
        return clusters().describe().thenApply(cluster -> Answer.ok(toJson(cluster, call.links())));
    }

    private Clusters clusters() {
        return new Clusters(connection.caller());
    }

    private static ObjectNode toJson(Cluster cluster, Links links) {
        String id = cluster.id();
        ObjectNode json = Convention.thing("KafkaCluster", links.to("clusters", id), List.of("kafka", id));
        json.put("cluster_id", id);
        cluster.controllerId()
                .ifPresent(
                        broker -> Convention.relate(json, "controller", links.to("clusters", id, "brokers", broker)));
        Convention.relate(json, "acls", links.to("clusters", id, "acls"));
        Convention.relate(json, "brokers", links.to("clusters", id, "brokers"));
        Convention.relate(json, "broker_configs", links.to("clusters", id, "broker-configs"));
        Convention.relate(json, "consumer_groups", links.to("clusters", id, "consumer-groups"));
        Convention.relate(json, "topics", links.to("clusters", id, "topics"));
        return json;
    }
}
