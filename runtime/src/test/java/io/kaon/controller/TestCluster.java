// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.coordination.MemoryJournal;
import io.kaon.coordination.file.SoleElection;
import io.kaon.exec.SerialExecutor;
import io.kaon.metadata.BrokerImage;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ListenerImage;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.SecurityProtocol;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.wire.message.CreateTopicsRequest;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopic;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopicConfig;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A controller over a journal in memory, all in the calling thread, with some brokers. */
final class TestCluster {
    private static final String CLUSTER_ID = "cluster";

    private final SerialExecutor owner = new SerialExecutor("controller", Runnable::run);
    private final MetadataImages images = new MetadataImages();
    private final AtomicLong lastId = new AtomicLong();
    private final MemoryJournal journal;
    private final Controller controller;

    private TestCluster(BrokerSettings settings, String clusterId, Optional<MemoryJournal> before) {
        journal = before.map(it -> MemoryJournal.after(it, owner)).orElseGet(() -> new MemoryJournal(owner));
        controller = new Controller(
                new ControllerOptions(0, clusterId, settings),
                owner,
                journal,
                images,
                new SoleElection(owner, () -> images.current().controllerEpoch()),
                () -> new Uuid(1, lastId.incrementAndGet()));
    }

    /** Started, with that many brokers, from 0. */
    static TestCluster withBrokers(int brokers) {
        return withBrokers(brokers, BrokerSettings.of(Map.of(), Map.of("node.id", "0")));
    }

    static TestCluster withBrokers(int brokers, BrokerSettings settings) {
        TestCluster cluster = new TestCluster(settings, CLUSTER_ID, Optional.empty());
        assertThat(cluster.controller.start()).isCompleted();
        for (int id = 0; id < brokers; id++) {
            assertThat(cluster.controller.registerBroker(broker(id))).isCompleted();
        }
        return cluster;
    }

    /** The same journal with a new controller that is not started. */
    TestCluster restarted(String clusterId) {
        return new TestCluster(BrokerSettings.DEFAULTS, clusterId, Optional.of(journal));
    }

    TestCluster restarted() {
        return restarted(CLUSTER_ID);
    }

    Controller controller() {
        return controller;
    }

    MemoryJournal journal() {
        return journal;
    }

    MetadataImages images() {
        return images;
    }

    ClusterImage image() {
        return images.current();
    }

    static BrokerImage broker(int id) {
        return new BrokerImage(
                id,
                -1,
                List.of(new ListenerImage("PLAINTEXT", "localhost", 9092 + id, SecurityProtocol.PLAINTEXT)),
                Optional.empty());
    }

    /** A topic with that many partitions, one replica each. */
    static CreatableTopic topic(String name, int partitions) {
        return topic(name, partitions, 1);
    }

    static CreatableTopic topic(String name, int partitions, int replicas) {
        return new CreatableTopic().setName(name).setNumPartitions(partitions).setReplicationFactor((short) replicas);
    }

    static CreatableTopic withConfig(CreatableTopic topic, String name, String value) {
        topic.configs().add(new CreatableTopicConfig().setName(name).setValue(value));
        return topic;
    }

    static CreateTopicsRequest request(CreatableTopic... topics) {
        return new CreateTopicsRequest().setTopics(new ArrayList<>(List.of(topics)));
    }

    /** Creates one topic; the result may be a refusal. */
    CreatableTopicResult create(CreatableTopic topic) {
        return value(controller.createTopics(request(topic))).topics().get(0);
    }

    /** Creates topics. */
    CreateTopicsResponse create(CreateTopicsRequest request) {
        return value(controller.createTopics(request));
    }

    static <T> T value(CompletionStage<T> stage) {
        assertThat(stage.toCompletableFuture()).isDone();
        return stage.toCompletableFuture().join();
    }
}
