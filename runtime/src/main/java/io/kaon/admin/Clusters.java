// SPDX-License-Identifier: Apache-2.0
package io.kaon.admin;

import io.kaon.wire.message.DescribeClusterRequest;
import io.kaon.wire.message.DescribeClusterResponse;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;

/** Questions about the cluster. Any thread. */
public final class Clusters {
    private final AdminCaller caller;

    /** @param caller whom to ask */
    public Clusters(AdminCaller caller) {
        this.caller = caller;
    }

    /**
     * The cluster.
     *
     * @param controllerId empty while there is none
     * @param brokers in the order of their ids
     */
    public record Cluster(String id, OptionalInt controllerId, List<Node> brokers) {
        public Cluster {
            brokers = List.copyOf(brokers);
        }

        /** The broker of that id. */
        public Optional<Node> broker(int id) {
            return brokers.stream().filter(node -> node.id() == id).findFirst();
        }
    }

    /**
     * A broker, at the address that clients are told.
     *
     * @param rack empty for none
     */
    public record Node(int id, String host, int port, String rack) {}

    /** The cluster with its brokers. */
    public CompletionStage<Cluster> describe() {
        return caller.call(DescribeClusterResponse.class, new DescribeClusterRequest())
                .thenApply(answer -> {
                    AdminCaller.check(answer.errorCode(), answer.errorMessage());
                    return new Cluster(
                            answer.clusterId(),
                            answer.controllerId() < 0 ? OptionalInt.empty() : OptionalInt.of(answer.controllerId()),
                            answer.brokers().stream()
                                    .map(broker -> new Node(
                                            broker.brokerId(),
                                            broker.host(),
                                            broker.port(),
                                            broker.rack() == null ? "" : broker.rack()))
                                    .sorted(Comparator.comparingInt(Node::id))
                                    .toList());
                });
    }
}
