// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import static io.kaon.controller.TestCluster.request;
import static io.kaon.controller.TestCluster.topic;
import static io.kaon.controller.TestCluster.withConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.InternalTopics;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.TopicImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.ConfigSource;
import io.kaon.wire.message.CreateTopicsRequest.CreatableReplicaAssignment;
import io.kaon.wire.message.CreateTopicsRequest.CreatableTopic;
import io.kaon.wire.message.CreateTopicsResponse;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicConfigs;
import io.kaon.wire.message.CreateTopicsResponse.CreatableTopicResult;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicCreationTest {
    private final TestCluster cluster = TestCluster.withBrokers(3);

    @Test
    void shouldMakeTopicAndSayWhatItMade() {
        // When
        CreatableTopicResult result = cluster.create(withConfig(topic("t", 4, 2), "retention.ms", "1000"));

        // Then
        TopicImage made = cluster.image().topic("t").orElseThrow();
        assertThat(code(result)).isEqualTo(ErrorCode.NONE);
        assertThat(result.errorMessage()).isNull();
        assertThat(result.topicId()).isEqualTo(made.id());
        assertThat(result.numPartitions()).isEqualTo(4);
        assertThat(result.replicationFactor()).isEqualTo((short) 2);
        CreatableTopicConfigs retention = config(result, "retention.ms");
        assertThat(retention.value()).isEqualTo("1000");
        assertThat(retention.configSource()).isEqualTo(ConfigSource.TOPIC.id());
        assertThat(config(result, "segment.bytes").configSource()).isEqualTo(ConfigSource.DEFAULT.id());
        assertThat(made.partitions())
                .hasSize(4)
                .allMatch(it -> it.replicas().size() == 2
                        && it.isr().equals(it.replicas())
                        && it.leader() == it.replicas().get(0)
                        && it.leaderEpoch() == 0);
        assertThat(cluster.image().configs(ConfigResource.topic("t")))
                .containsExactly(Map.entry("retention.ms", "1000"));
    }

    @Test
    void shouldSpreadLeadersOverBrokers() {
        // When
        cluster.create(topic("t", 6, 3));

        // Then
        assertThat(cluster.image().topic("t").orElseThrow().partitions())
                .extracting(PartitionImage::leader)
                .containsExactly(0, 1, 2, 0, 1, 2);
    }

    @Test
    void shouldUseBrokersDefaultsForMinusOne() {
        // Given
        TestCluster configured = TestCluster.withBrokers(
                3, BrokerSettings.of(Map.of("num.partitions", "7", "default.replication.factor", "3"), Map.of()));

        // When
        CreatableTopicResult result = configured.create(topic("t", -1, -1));

        // Then
        assertThat(result.numPartitions()).isEqualTo(7);
        assertThat(result.replicationFactor()).isEqualTo((short) 3);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of(topic("a/b", 1), ErrorCode.INVALID_TOPIC_EXCEPTION),
                Arguments.of(topic("x".repeat(250), 1), ErrorCode.INVALID_TOPIC_EXCEPTION),
                Arguments.of(topic("there_is", 1), ErrorCode.INVALID_TOPIC_EXCEPTION),
                Arguments.of(topic("there.is", 1), ErrorCode.TOPIC_ALREADY_EXISTS),
                Arguments.of(topic("__cluster_metadata", 1), ErrorCode.TOPIC_AUTHORIZATION_FAILED),
                Arguments.of(topic("t", 0), ErrorCode.INVALID_PARTITIONS),
                Arguments.of(topic("t", -2), ErrorCode.INVALID_PARTITIONS),
                Arguments.of(topic("t", 10_001), ErrorCode.POLICY_VIOLATION),
                Arguments.of(topic("t", Integer.MAX_VALUE), ErrorCode.POLICY_VIOLATION),
                Arguments.of(topic("t", 1, 0), ErrorCode.INVALID_REPLICATION_FACTOR),
                Arguments.of(topic("t", 1, -2), ErrorCode.INVALID_REPLICATION_FACTOR),
                Arguments.of(topic("t", 1, 4), ErrorCode.INVALID_REPLICATION_FACTOR),
                Arguments.of(withConfig(topic("t", 1), "no.such.key", "1"), ErrorCode.INVALID_CONFIG),
                Arguments.of(withConfig(topic("t", 1), "retention.ms", "soon"), ErrorCode.INVALID_CONFIG),
                Arguments.of(withConfig(topic("t", 1), "retention.ms", "-2"), ErrorCode.INVALID_CONFIG),
                Arguments.of(withConfig(topic("t", 1), "retention.ms", null), ErrorCode.INVALID_CONFIG),
                Arguments.of(withConfig(topic("t", 1), "cleanup.policy", "shred"), ErrorCode.INVALID_CONFIG),
                Arguments.of(withConfig(topic("t", 1), "remote.storage.enable", "true"), ErrorCode.INVALID_CONFIG),
                Arguments.of(assigned(1, -1, List.of(0)), ErrorCode.INVALID_REQUEST),
                Arguments.of(assigned(-1, 1, List.of(0)), ErrorCode.INVALID_REQUEST),
                Arguments.of(assigned(-1, -1, List.of()), ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                Arguments.of(assigned(-1, -1, List.of(0, 0)), ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                Arguments.of(assigned(-1, -1, List.of(9)), ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                Arguments.of(assigned(-1, -1, List.of(0, 1), List.of(2)), ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                Arguments.of(gap(), ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                Arguments.of(twice(), ErrorCode.INVALID_REPLICA_ASSIGNMENT));
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAndMakeNothing(CreatableTopic topic, ErrorCode expected) {
        // Given
        cluster.create(topic("there.is", 1));
        int entries = cluster.journal().size();

        // When
        CreatableTopicResult result = cluster.create(topic);

        // Then
        assertThat(code(result)).isEqualTo(expected);
        assertThat(result.errorMessage()).isNotEmpty();
        assertThat(cluster.journal().size()).isEqualTo(entries);
        assertThat(cluster.image().topicCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "cleanup.policy,delete",
        "cleanup.policy,'compact,delete'",
        "compression.type,zstd",
        "compression.type,producer",
        "min.cleanable.dirty.ratio,0.50",
        "preallocate,FALSE"
    })
    void shouldAcceptDefaultOfSettingWithoutEffect(String name, String value) {
        assertThat(code(cluster.create(withConfig(topic("t", 1), name, value)))).isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "retention.ms",
                "retention.bytes",
                "segment.ms",
                "segment.index.bytes",
                "index.interval.bytes",
                "max.message.bytes",
                "message.timestamp.before.max.ms",
                "message.timestamp.after.max.ms",
                "file.delete.delay.ms",
                "min.insync.replicas"
            })
    void shouldAcceptSettingWithEffect(String name) {
        assertThat(code(cluster.create(withConfig(topic("t", 1), name, "4000"))))
                .isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "4, 2"})
    void shouldNotAskForMoreReplicasInSyncThanTheTransactionTopicHas(int brokers, String expected) {
        // Given
        TestCluster some = TestCluster.withBrokers(brokers);

        // When
        CreatableTopicResult result =
                some.create(topic(InternalTopics.TRANSACTION_STATE, 1).setReplicationFactor((short) -1));

        // Then
        assertThat(code(result)).isEqualTo(ErrorCode.NONE);
        assertThat(some.image().configs(ConfigResource.topic(InternalTopics.TRANSACTION_STATE)))
                .containsEntry("min.insync.replicas", expected);
    }

    @Test
    void shouldMakeTheTopicsOfCoordinatorsAsTheSettingsSay() {
        // Given
        BrokerSettings settings = BrokerSettings.of(
                Map.of(
                        "offsets.topic.num.partitions", "3",
                        "offsets.topic.replication.factor", "2",
                        "offsets.topic.segment.bytes", "2000001",
                        "transaction.state.log.num.partitions", "4",
                        "transaction.state.log.replication.factor", "3",
                        "transaction.state.log.segment.bytes", "2000002",
                        "transaction.state.log.min.isr", "3"),
                Map.of());
        TestCluster four = TestCluster.withBrokers(4, settings);

        // When
        CreatableTopicResult offsets = four.create(topic(InternalTopics.CONSUMER_OFFSETS, -1, -1));
        CreatableTopicResult transactions = four.create(topic(InternalTopics.TRANSACTION_STATE, -1, -1));

        // Then
        assertThat(offsets.numPartitions()).isEqualTo(3);
        assertThat(offsets.replicationFactor()).isEqualTo((short) 2);
        assertThat(config(offsets, "segment.bytes").value()).isEqualTo("2000001");
        assertThat(transactions.numPartitions()).isEqualTo(4);
        assertThat(transactions.replicationFactor()).isEqualTo((short) 3);
        assertThat(config(transactions, "segment.bytes").value()).isEqualTo("2000002");
        assertThat(config(transactions, "min.insync.replicas").value()).isEqualTo("3");
    }

    @Test
    void shouldFollowManualAssignment() {
        // When
        CreatableTopicResult result = cluster.create(assigned(-1, -1, List.of(2, 0), List.of(1, 2)));

        // Then
        assertThat(result.numPartitions()).isEqualTo(2);
        assertThat(result.replicationFactor()).isEqualTo((short) 2);
        assertThat(cluster.image().topic("t").orElseThrow().partitions())
                .extracting(PartitionImage::replicas)
                .containsExactly(List.of(2, 0), List.of(1, 2));
    }

    @Test
    void shouldAnswerOneEntryForTopicNamedTwiceAndMakeTheOthers() {
        // When
        CreateTopicsResponse response = cluster.create(request(topic("a", 1), topic("b", 1), topic("a", 2)));

        // Then
        assertThat(response.topics()).extracting(CreatableTopicResult::name).containsExactly("a", "b");
        assertThat(response.topics())
                .extracting(TopicCreationTest::code)
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.NONE);
        assertThat(cluster.image().topic("a")).isEmpty();
        assertThat(cluster.image().topic("b")).isPresent();
    }

    @Test
    void shouldSeeCollisionInsideOneRequest() {
        // When
        CreateTopicsResponse response = cluster.create(request(topic("a.b", 1), topic("a_b", 1)));

        // Then
        assertThat(response.topics())
                .extracting(TopicCreationTest::code)
                .containsExactly(ErrorCode.NONE, ErrorCode.INVALID_TOPIC_EXCEPTION);
    }

    @Test
    void shouldBoundPartitionsOfWholeRequest() {
        // When
        CreateTopicsResponse response = cluster.create(request(topic("a", 6_000), topic("b", 6_000)));

        // Then
        assertThat(response.topics())
                .extracting(TopicCreationTest::code)
                .containsExactly(ErrorCode.NONE, ErrorCode.POLICY_VIOLATION);
    }

    @Test
    void shouldOnlyValidateWhenAskedTo() {
        // Given
        int entries = cluster.journal().size();

        // When
        CreateTopicsResponse response =
                cluster.create(request(topic("a", 3), topic("b", 0)).setValidateOnly(true));

        // Then
        assertThat(response.topics())
                .extracting(TopicCreationTest::code)
                .containsExactly(ErrorCode.NONE, ErrorCode.INVALID_PARTITIONS);
        assertThat(response.topics().get(0).numPartitions()).isEqualTo(3);
        assertThat(cluster.image().topicCount()).isZero();
        assertThat(cluster.journal().size()).isEqualTo(entries);
    }

    @Test
    void shouldProtectInternalTopicFromRetention() {
        // Given
        TestCluster single = TestCluster.withBrokers(1);

        // When
        CreatableTopicResult result = single.create(topic("__consumer_offsets", -1, -1));

        // Then
        assertThat(result.numPartitions()).isEqualTo(50);
        assertThat(result.replicationFactor()).isEqualTo((short) 1);
        assertThat(config(result, "cleanup.policy").value()).isEqualTo("compact");
        assertThat(config(result, "segment.bytes").value()).isEqualTo("104857600");
    }

    private static CreatableTopic assigned(int partitions, int replicas, List<?>... brokers) {
        CreatableTopic topic = topic("t", partitions, replicas);
        for (int i = 0; i < brokers.length; i++) {
            topic.assignments().add(assignment(i, brokers[i]));
        }
        return topic;
    }

    private static CreatableTopic gap() {
        CreatableTopic topic = topic("t", -1, -1);
        topic.assignments().add(assignment(1, List.of(0)));
        return topic;
    }

    private static CreatableTopic twice() {
        CreatableTopic topic = topic("t", -1, -1);
        topic.assignments().add(assignment(0, List.of(0)));
        topic.assignments().add(assignment(0, List.of(0)));
        return topic;
    }

    private static CreatableReplicaAssignment assignment(int index, List<?> brokers) {
        return new CreatableReplicaAssignment()
                .setPartitionIndex(index)
                .setBrokerIds(brokers.stream().map(Integer.class::cast).toList());
    }

    private static CreatableTopicConfigs config(CreatableTopicResult result, String name) {
        return result.configs().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static ErrorCode code(CreatableTopicResult result) {
        return ErrorCode.of(result.errorCode());
    }
}
