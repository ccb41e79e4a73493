// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import static io.kaon.controller.TestCluster.topic;
import static io.kaon.controller.TestCluster.value;
import static io.kaon.controller.TestCluster.withConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.PartitionImage;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.wire.message.CreatePartitionsRequest;
import io.kaon.wire.message.CreatePartitionsRequest.CreatePartitionsAssignment;
import io.kaon.wire.message.CreatePartitionsRequest.CreatePartitionsTopic;
import io.kaon.wire.message.CreatePartitionsResponse.CreatePartitionsTopicResult;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.DeleteTopicsRequest.DeleteTopicState;
import io.kaon.wire.message.DeleteTopicsResponse.DeletableTopicResult;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** DeleteTopics and CreatePartitions. */
class TopicChangesTest {
    private static final short BY_NAME = 5;
    private static final short BY_STATE = 6;

    private final TestCluster cluster = TestCluster.withBrokers(2);

    @Test
    void shouldDeleteByNameInOldVersions() {
        // Given
        cluster.create(topic("a", 1));

        // When
        List<DeletableTopicResult> results = delete(cluster, names("a", "b"), BY_NAME);

        // Then
        assertThat(results)
                .extracting(TopicChangesTest::code)
                .containsExactly(ErrorCode.NONE, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(cluster.image().topicCount()).isZero();
    }

    @Test
    void shouldDeleteByNameAndById() {
        // Given
        cluster.create(topic("a", 1));
        Uuid id = cluster.create(topic("b", 1)).topicId();

        // When
        List<DeletableTopicResult> results = delete(
                cluster, states(new DeleteTopicState().setName("a"), new DeleteTopicState().setTopicId(id)), BY_STATE);

        // Then
        assertThat(results).extracting(TopicChangesTest::code).containsOnly(ErrorCode.NONE);
        assertThat(results).extracting(DeletableTopicResult::name).containsExactly("a", "b");
        assertThat(cluster.image().topicCount()).isZero();
    }

    @Test
    void shouldRefuseWhatIsNamedTwiceOrWrongly() {
        // Given
        Uuid id = cluster.create(topic("a", 1)).topicId();

        // When
        List<DeletableTopicResult> results = delete(
                cluster,
                states(
                        new DeleteTopicState().setName("a"),
                        new DeleteTopicState().setTopicId(id),
                        new DeleteTopicState(),
                        new DeleteTopicState().setName("a").setTopicId(id),
                        new DeleteTopicState().setTopicId(new Uuid(7, 7))),
                BY_STATE);

        // Then
        assertThat(results)
                .extracting(TopicChangesTest::code)
                .containsExactly(
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.INVALID_REQUEST,
                        ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(cluster.image().topic("a")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"2,INVALID_REQUEST", "3,TOPIC_DELETION_DISABLED"})
    void shouldRefuseWhenDeletionIsDisabled(short version, ErrorCode expected) {
        // Given
        TestCluster disabled =
                TestCluster.withBrokers(1, BrokerSettings.of(Map.of("delete.topic.enable", "false"), Map.of()));
        disabled.create(topic("a", 1));

        // When
        List<DeletableTopicResult> results = delete(disabled, names("a"), version);

        // Then
        assertThat(results).extracting(TopicChangesTest::code).containsExactly(expected);
        assertThat(disabled.image().topic("a")).isPresent();
    }

    @Test
    void shouldMakeDeletedTopicAgainAsAnotherOne() {
        // Given
        Uuid before =
                cluster.create(withConfig(topic("a", 3), "retention.ms", "1")).topicId();
        delete(cluster, names("a"), BY_NAME);

        // When
        Uuid after = cluster.create(topic("a", 1)).topicId();

        // Then (C18)
        assertThat(after).isNotEqualTo(before);
        assertThat(cluster.image().topic(before)).isEmpty();
        assertThat(cluster.image().topic("a").orElseThrow().partitions()).hasSize(1);
        assertThat(cluster.image().configs(ConfigResource.topic("a"))).isEmpty();
    }

    @Test
    void shouldAddPartitionsAndKeepTheOldOnes() {
        // Given
        cluster.create(topic("a", 1, 2));

        // When
        List<CreatePartitionsTopicResult> results = grow(false, grown("a", 3));

        // Then
        assertThat(results).extracting(TopicChangesTest::code).containsExactly(ErrorCode.NONE);
        assertThat(cluster.image().topic("a").orElseThrow().partitions())
                .extracting(PartitionImage::replicas)
                .containsExactly(List.of(0, 1), List.of(1, 0), List.of(0, 1));
    }

    static Stream<Arguments> refusedGrowth() {
        return Stream.of(
                Arguments.of(grown("nowhere", 3), ErrorCode.UNKNOWN_TOPIC_OR_PARTITION),
                Arguments.of(grown("a", 2), ErrorCode.INVALID_PARTITIONS),
                Arguments.of(grown("a", 1), ErrorCode.INVALID_PARTITIONS),
                Arguments.of(grown("a", -5), ErrorCode.INVALID_PARTITIONS),
                Arguments.of(grown("a", Integer.MAX_VALUE), ErrorCode.POLICY_VIOLATION),
                Arguments.of(grown("a", 4, List.of(0)), ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                Arguments.of(grown("a", 3, List.of(0, 1)), ErrorCode.INVALID_REPLICA_ASSIGNMENT),
                Arguments.of(grown("a", 3, List.of(8)), ErrorCode.INVALID_REPLICA_ASSIGNMENT));
    }

    @ParameterizedTest
    @MethodSource("refusedGrowth")
    void shouldRefuseToGrow(CreatePartitionsTopic asked, ErrorCode expected) {
        // Given
        cluster.create(topic("a", 2));

        // When
        List<CreatePartitionsTopicResult> results = grow(false, asked);

        // Then
        assertThat(results).extracting(TopicChangesTest::code).containsExactly(expected);
        assertThat(cluster.image().topic("a").orElseThrow().partitions()).hasSize(2);
    }

    @Test
    void shouldFollowAssignmentOfNewPartitions() {
        // Given
        cluster.create(topic("a", 1));

        // When
        List<CreatePartitionsTopicResult> results = grow(false, grown("a", 2, List.of(1)));

        // Then
        assertThat(results).extracting(TopicChangesTest::code).containsExactly(ErrorCode.NONE);
        assertThat(cluster.image().topic("a").orElseThrow().partitions().get(1).leader())
                .isEqualTo(1);
    }

    @Test
    void shouldOnlyValidateGrowthWhenAskedTo() {
        // Given
        cluster.create(topic("a", 1));

        // When
        List<CreatePartitionsTopicResult> results = grow(true, grown("a", 2));

        // Then
        assertThat(results).extracting(TopicChangesTest::code).containsExactly(ErrorCode.NONE);
        assertThat(cluster.image().topic("a").orElseThrow().partitions()).hasSize(1);
    }

    @Test
    void shouldRefuseTopicNamedTwice() {
        // Given
        cluster.create(topic("a", 1));

        // When
        List<CreatePartitionsTopicResult> results = grow(false, grown("a", 2), grown("a", 3));

        // Then
        assertThat(results).extracting(TopicChangesTest::code).containsExactly(ErrorCode.INVALID_REQUEST);
        assertThat(cluster.image().topic("a").orElseThrow().partitions()).hasSize(1);
    }

    private List<CreatePartitionsTopicResult> grow(boolean validateOnly, CreatePartitionsTopic... topics) {
        CreatePartitionsRequest request =
                new CreatePartitionsRequest().setTopics(List.of(topics)).setValidateOnly(validateOnly);
        return value(cluster.controller().createPartitions(request)).results();
    }

    private static CreatePartitionsTopic grown(String name, int count, List<?>... assignments) {
        return new CreatePartitionsTopic()
                .setName(name)
                .setCount(count)
                .setAssignments(
                        assignments.length == 0
                                ? null
                                : Stream.of(assignments)
                                        .map(brokers -> new CreatePartitionsAssignment()
                                                .setBrokerIds(brokers.stream()
                                                        .map(Integer.class::cast)
                                                        .toList()))
                                        .toList());
    }

    private static List<DeletableTopicResult> delete(TestCluster cluster, DeleteTopicsRequest request, short version) {
        return value(cluster.controller().deleteTopics(request, version)).responses();
    }

    private static DeleteTopicsRequest names(String... names) {
        return new DeleteTopicsRequest().setTopicNames(List.of(names));
    }

    private static DeleteTopicsRequest states(DeleteTopicState... states) {
        return new DeleteTopicsRequest().setTopics(List.of(states));
    }

    private static ErrorCode code(DeletableTopicResult result) {
        return ErrorCode.of(result.errorCode());
    }

    private static ErrorCode code(CreatePartitionsTopicResult result) {
        return ErrorCode.of(result.errorCode());
    }
}
