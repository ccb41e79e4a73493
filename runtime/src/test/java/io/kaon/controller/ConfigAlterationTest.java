// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import static io.kaon.controller.TestCluster.topic;
import static io.kaon.controller.TestCluster.value;
import static io.kaon.controller.TestCluster.withConfig;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.wire.message.AlterConfigsRequest;
import io.kaon.wire.message.AlterConfigsResponse;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterConfigsResource;
import io.kaon.wire.message.IncrementalAlterConfigsRequest.AlterableConfig;
import io.kaon.wire.message.IncrementalAlterConfigsResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** AlterConfigs and IncrementalAlterConfigs. */
class ConfigAlterationTest {
    private static final int SET = 0;
    private static final int DELETE = 1;
    private static final int APPEND = 2;
    private static final int SUBTRACT = 3;

    private final TestCluster cluster = TestCluster.withBrokers(1);

    @BeforeEach
    void createTopic() {
        cluster.create(withConfig(topic("t", 1), "retention.ms", "1000"));
    }

    @Test
    void shouldSetAndDelete() {
        // When
        ErrorCode code = alter(Type.TOPIC, "t", op(SET, "segment.ms", "5"), op(DELETE, "retention.ms", null));

        // Then
        assertThat(code).isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).containsExactly(Map.entry("segment.ms", "5"));
    }

    @Test
    void shouldSetAndDeleteWhatIsSetForAGroup() {
        // Given
        ConfigResource group = ConfigResource.group("g");
        alter(Type.GROUP, "g", op(SET, "consumer.heartbeat.interval.ms", "6000"));

        // When
        ErrorCode code = alter(
                Type.GROUP,
                "g",
                op(SET, "consumer.session.timeout.ms", "60000"),
                op(DELETE, "consumer.heartbeat.interval.ms", null));

        // Then
        assertThat(code).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.images().current().configs(group))
                .containsExactly(Map.entry("consumer.session.timeout.ms", "60000"));
    }

    @Test
    void shouldRefuseSessionsOfGroupsThatAreNoLongerThanAHeartbeat() {
        // Given
        TestCluster lenient = TestCluster.withBrokers(
                1,
                BrokerSettings.of(
                        Map.of(
                                "group.consumer.min.session.timeout.ms", "1000",
                                "group.consumer.session.timeout.ms", "20000"),
                        Map.of("node.id", "0")));

        // When
        ErrorCode equal = alter(
                lenient,
                Type.GROUP,
                "g",
                op(SET, "consumer.session.timeout.ms", "5000"),
                op(SET, "consumer.heartbeat.interval.ms", "5000"));
        ErrorCode shorterThanTheBrokers =
                alter(lenient, Type.GROUP, "g", op(SET, "consumer.session.timeout.ms", "1000"));
        ErrorCode longer = alter(lenient, Type.GROUP, "g", op(SET, "consumer.session.timeout.ms", "5001"));

        // Then
        assertThat(equal).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(shorterThanTheBrokers).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(longer).isEqualTo(ErrorCode.NONE);
    }

    @ParameterizedTest
    @CsvSource({"15000, NONE", "15001, INVALID_REQUEST", "0, NONE", "-1, INVALID_REQUEST"})
    void shouldHoldTheGroupsDefaultToTheBoundsThatGroupsHave(String intervalMs, ErrorCode expected) {
        // When
        ErrorCode code = alter(Type.BROKER, "", op(SET, "group.consumer.assignment.interval.ms", intervalMs));

        // Then
        assertThat(code).isEqualTo(expected);
    }

    @Test
    void shouldWriteNothingWhenNothingChanges() {
        // Given
        int entries = cluster.journal().size();

        // When
        ErrorCode code = alter(Type.TOPIC, "t", op(SET, "retention.ms", "1000"), op(DELETE, "segment.ms", null));

        // Then
        assertThat(code).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.journal().size()).isEqualTo(entries);
    }

    @ParameterizedTest
    @CsvSource({
        "TOPIC, t, no.such.key, 1, INVALID_CONFIG",
        "TOPIC, t, retention.ms, x, INVALID_CONFIG",
        "TOPIC, t, segment.bytes, 1000, INVALID_CONFIG",
        "TOPIC, t, remote.storage.enable, true, INVALID_CONFIG",
        "TOPIC, t, cleanup.policy, shred, INVALID_CONFIG",
        "TOPIC, t, max.compaction.lag.ms, 0, INVALID_CONFIG",
        "TOPIC, nowhere, retention.ms, 1, UNKNOWN_TOPIC_OR_PARTITION",
        "TOPIC, a/b, retention.ms, 1, INVALID_TOPIC_EXCEPTION",
        "BROKER, 0, no.such.key, 1, INVALID_REQUEST",
        "BROKER, 0, log.retention.ms, x, INVALID_REQUEST",
        "BROKER, 0, num.partitions, 4, INVALID_REQUEST",
        "BROKER, 0, num.io.threads, 4, INVALID_REQUEST",
        "BROKER, 0, listeners, PLAINTEXT://:1, INVALID_REQUEST",
        "BROKER, x, log.retention.ms, 1, INVALID_REQUEST",
        "BROKER, 07, log.retention.ms, 1, INVALID_REQUEST",
        "BROKER, 7, log.retention.ms, 1, BROKER_ID_NOT_REGISTERED",
        "BROKER_LOGGER, 0, io.kaon, DEBUG, INVALID_REQUEST",
        "GROUP, g, consumer.session.timeout.ms, 44999, INVALID_CONFIG",
        "GROUP, g, consumer.session.timeout.ms, 60001, INVALID_CONFIG",
        "GROUP, g, consumer.session.timeout.ms, x, INVALID_CONFIG",
        "GROUP, g, consumer.session.timeout.ms, 0, INVALID_CONFIG",
        "GROUP, g, consumer.heartbeat.interval.ms, 4999, INVALID_CONFIG",
        "GROUP, g, consumer.heartbeat.interval.ms, 15001, INVALID_CONFIG",
        "GROUP, g, consumer.assignment.interval.ms, 15001, INVALID_CONFIG",
        "GROUP, g, share.session.timeout.ms, 46000, INVALID_CONFIG",
        "GROUP, g, streams.num.standby.replicas, 1, INVALID_CONFIG",
        "GROUP, g, no.such.key, 1, INVALID_CONFIG",
        "CLIENT_METRICS, m, interval.ms, 1, INVALID_CONFIG",
        "GROUP, '', share.auto.offset.reset, latest, INVALID_REQUEST",
    })
    void shouldRefuse(Type type, String name, String key, String value, ErrorCode expected) {
        // Given
        int entries = cluster.journal().size();

        // When
        ErrorCode incremental = alter(type, name, op(SET, key, value));
        ErrorCode replacing = replace(type, name, Map.of(key, value));

        // Then
        assertThat(incremental).isEqualTo(expected);
        assertThat(replacing).isEqualTo(expected);
        assertThat(cluster.journal().size()).isEqualTo(entries);
    }

    @ParameterizedTest
    @CsvSource({"''", "0"})
    void shouldChangeDynamicSettingsOfBrokers(String name) {
        // When
        ErrorCode code = alter(Type.BROKER, name, op(SET, "log.retention.ms", "12345"));

        // Then
        assertThat(code).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.image().configs(new ConfigResource(Type.BROKER, name)))
                .containsEntry("log.retention.ms", "12345");
    }

    @Test
    void shouldRefuseLagsOfCompactionThatContradictEachOther() {
        // Given
        ErrorCode alone = alter(Type.TOPIC, "t", op(SET, "max.compaction.lag.ms", "100"));

        // When
        ErrorCode larger = alter(Type.TOPIC, "t", op(SET, "min.compaction.lag.ms", "101"));
        ErrorCode same = alter(Type.TOPIC, "t", op(SET, "min.compaction.lag.ms", "100"));
        ErrorCode replaced =
                replace(Type.TOPIC, "t", Map.of("min.compaction.lag.ms", "7", "max.compaction.lag.ms", "6"));

        // Then
        assertThat(alone).isEqualTo(ErrorCode.NONE);
        assertThat(larger).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(same).isEqualTo(ErrorCode.NONE);
        assertThat(replaced).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(topicConfigs()).containsEntry("min.compaction.lag.ms", "100");
    }

    @Test
    void shouldAppendToAndSubtractFromLists() {
        // Given
        alter(Type.TOPIC, "t", op(SET, "cleanup.policy", "delete"));

        // When
        ErrorCode appended = alter(Type.TOPIC, "t", op(APPEND, "cleanup.policy", "delete"));
        ErrorCode compacted = alter(Type.TOPIC, "t", op(APPEND, "cleanup.policy", "compact"));
        String both = topicConfigs().get("cleanup.policy");
        ErrorCode subtracted = alter(Type.TOPIC, "t", op(SUBTRACT, "cleanup.policy", "compact"));

        // Then (C23)
        assertThat(appended).isEqualTo(ErrorCode.NONE);
        assertThat(compacted).isEqualTo(ErrorCode.NONE);
        assertThat(both).isEqualTo("delete,compact");
        assertThat(subtracted).isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).containsEntry("cleanup.policy", "delete");
    }

    @Test
    void shouldApplyListOperationsToWhatIsSet() {
        // Given a topic whose cleanup policy may change
        cluster.create(topic("__consumer_offsets", 1));
        ConfigResource offsets = ConfigResource.topic("__consumer_offsets");

        // When
        ErrorCode appended = alter(Type.TOPIC, offsets.name(), op(APPEND, "cleanup.policy", "delete,compact"));
        String both = cluster.image().configs(offsets).get("cleanup.policy");
        ErrorCode subtracted = alter(Type.TOPIC, offsets.name(), op(SUBTRACT, "cleanup.policy", "delete"));

        // Then
        assertThat(appended).isEqualTo(ErrorCode.NONE);
        assertThat(both).isEqualTo("compact,delete");
        assertThat(subtracted).isEqualTo(ErrorCode.NONE);
        assertThat(cluster.image().configs(offsets)).containsEntry("cleanup.policy", "compact");
    }

    @Test
    void shouldRefuseImpossibleOperations() {
        assertThat(alter(Type.TOPIC, "t", op(APPEND, "retention.ms", "1"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(alter(Type.TOPIC, "t", op(SUBTRACT, "no.such.key", "1"))).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(alter(Type.TOPIC, "t", op(9, "retention.ms", "1"))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(Type.TOPIC, "t", op(SET, "retention.ms", null))).isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(alter(Type.TOPIC, "t", op(SET, "segment.ms", "1"), op(DELETE, "segment.ms", null)))
                .isEqualTo(ErrorCode.INVALID_REQUEST);
        assertThat(topicConfigs()).containsExactly(Map.entry("retention.ms", "1000"));
    }

    @Test
    void shouldRefuseResourceNamedTwiceAndChangeTheOthers() {
        // Given
        cluster.create(topic("u", 1));
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest()
                .setResources(List.of(
                        resource(Type.TOPIC, "t", op(SET, "segment.ms", "1")),
                        resource(Type.TOPIC, "u", op(SET, "segment.ms", "2")),
                        resource(Type.TOPIC, "t", op(SET, "segment.ms", "3"))));

        // When
        IncrementalAlterConfigsResponse response = value(cluster.controller().incrementalAlterConfigs(request));

        // Then
        assertThat(response.responses())
                .extracting(it -> ErrorCode.of(it.errorCode()))
                .containsExactly(ErrorCode.INVALID_REQUEST, ErrorCode.NONE, ErrorCode.INVALID_REQUEST);
        assertThat(topicConfigs()).doesNotContainKey("segment.ms");
        assertThat(cluster.image().configs(ConfigResource.topic("u"))).containsEntry("segment.ms", "2");
    }

    @Test
    void shouldChangeNothingOfResourceWithOneWrongSetting() {
        // When
        ErrorCode code = alter(Type.TOPIC, "t", op(SET, "segment.ms", "5"), op(SET, "retention.ms", "x"));

        // Then (C7)
        assertThat(code).isEqualTo(ErrorCode.INVALID_CONFIG);
        assertThat(topicConfigs()).containsExactly(Map.entry("retention.ms", "1000"));
    }

    @Test
    void shouldOnlyValidateWhenAskedTo() {
        // Given
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest()
                .setValidateOnly(true)
                .setResources(List.of(resource(Type.TOPIC, "t", op(SET, "segment.ms", "1"))));

        // When
        IncrementalAlterConfigsResponse response = value(cluster.controller().incrementalAlterConfigs(request));

        // Then
        assertThat(response.responses().get(0).errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(topicConfigs()).containsExactly(Map.entry("retention.ms", "1000"));
    }

    @Test
    void shouldReplaceAllSettings() {
        // When
        ErrorCode code = replace(Type.TOPIC, "t", Map.of("segment.ms", "5"));

        // Then
        assertThat(code).isEqualTo(ErrorCode.NONE);
        assertThat(topicConfigs()).containsExactly(Map.entry("segment.ms", "5"));
    }

    @Test
    void shouldRefuseUnknownResourceType() {
        // Given
        AlterConfigsResource unknown =
                new AlterConfigsResource().setResourceType((byte) 3).setResourceName("x");
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest().setResources(List.of(unknown));

        // When
        IncrementalAlterConfigsResponse response = value(cluster.controller().incrementalAlterConfigs(request));

        // Then
        assertThat(response.responses().get(0).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    private Map<String, String> topicConfigs() {
        return cluster.image().configs(ConfigResource.topic("t"));
    }

    private ErrorCode alter(Type type, String name, AlterableConfig... operations) {
        return alter(cluster, type, name, operations);
    }

    private static ErrorCode alter(TestCluster in, Type type, String name, AlterableConfig... operations) {
        IncrementalAlterConfigsRequest request =
                new IncrementalAlterConfigsRequest().setResources(List.of(resource(type, name, operations)));
        return ErrorCode.of(value(in.controller().incrementalAlterConfigs(request))
                .responses()
                .get(0)
                .errorCode());
    }

    private ErrorCode replace(Type type, String name, Map<String, String> configs) {
        List<AlterConfigsRequest.AlterableConfig> values = new ArrayList<>();
        configs.forEach((key, value) -> values.add(
                new AlterConfigsRequest.AlterableConfig().setName(key).setValue(value)));
        AlterConfigsRequest request = new AlterConfigsRequest()
                .setResources(List.of(new AlterConfigsRequest.AlterConfigsResource()
                        .setResourceType(type.id())
                        .setResourceName(name)
                        .setConfigs(values)));
        AlterConfigsResponse response = value(cluster.controller().alterConfigs(request));
        return ErrorCode.of(response.responses().get(0).errorCode());
    }

    private static AlterConfigsResource resource(Type type, String name, AlterableConfig... operations) {
        return new AlterConfigsResource()
                .setResourceType(type.id())
                .setResourceName(name)
                .setConfigs(List.of(operations));
    }

    private static AlterableConfig op(int operation, String name, String value) {
        return new AlterableConfig()
                .setName(name)
                .setConfigOperation((byte) operation)
                .setValue(value);
    }
}
