// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.Feature;
import io.kaon.server.Authoriser;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ConsumerGroupHeartbeatRequest;
import io.kaon.wire.message.ConsumerGroupHeartbeatResponse;
import io.kaon.wire.message.FindCoordinatorRequest;
import io.kaon.wire.message.IncrementalAlterConfigsRequest;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.JoinGroupResponse;
import io.kaon.wire.message.SyncGroupRequest;
import io.kaon.wire.message.UpdateFeaturesRequest;
import io.kaon.wire.message.UpdateFeaturesResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every setting of consumer groups that is said to have an effect has it (D11); so has the feature. */
class ConsumerGroupSettingsEffectTest {
    private static final String GROUP = "billing";
    private static final int JOIN = 0;
    private static final byte UNSAFE_DOWNGRADE = 3;

    @TempDir
    Path data;

    @Test
    void shouldTellMembersTheHeartbeatIntervalOfTheBroker() {
        try (TestBroker broker = broker(Map.of(
                "group.consumer.heartbeat.interval.ms", "7000", "kaon.group.consumer.settling.interval.ms", "0"))) {
            // When
            ConsumerGroupHeartbeatResponse joined = join(broker, "a");

            // Then
            assertThat(joined.errorCode()).isZero();
            assertThat(joined.heartbeatIntervalMs()).isEqualTo(7_000);
        }
    }

    @Test
    void shouldTellMembersTheHeartbeatIntervalOfTheGroup() {
        try (TestBroker broker = broker(Map.of("kaon.group.consumer.settling.interval.ms", "0"))) {
            // Given
            set(broker, ConfigResource.group(GROUP), "consumer.heartbeat.interval.ms", "6000");

            // When
            ConsumerGroupHeartbeatResponse joined = join(broker, "a");

            // Then
            assertThat(joined.heartbeatIntervalMs()).isEqualTo(6_000);
        }
    }

    @Test
    void shouldRemoveMembersThatAreSilentForTheSessionTimeoutOfTheBroker() {
        Map<String, String> settings =
                Map.of("group.consumer.min.session.timeout.ms", "6000", "group.consumer.session.timeout.ms", "10000");
        try (TestBroker broker = broker(settings)) {
            // Given
            join(broker, "a");

            // When
            broker.time.advance(9_999);
            boolean isThere = isMember(broker, "a");
            broker.time.advance(10_000);

            // Then
            assertThat(isThere).isTrue();
            assertThat(isMember(broker, "a")).isFalse();
        }
    }

    @Test
    void shouldRemoveMembersThatAreSilentForTheSessionTimeoutOfTheGroup() {
        try (TestBroker broker = broker(Map.of())) {
            // Given
            set(broker, ConfigResource.group(GROUP), "consumer.session.timeout.ms", "60000");
            join(broker, "a");

            // When
            broker.time.advance(59_999);
            boolean isThere = isMember(broker, "a");
            broker.time.advance(60_000);

            // Then
            assertThat(isThere).isTrue();
            assertThat(isMember(broker, "a")).isFalse();
        }
    }

    @Test
    void shouldHoldGroupsToTheBrokersMaximum() {
        try (TestBroker broker = broker(Map.of("group.consumer.max.size", "1"))) {
            // Given
            join(broker, "a");

            // When
            ConsumerGroupHeartbeatResponse second = join(broker, "b");

            // Then
            assertThat(second.errorCode()).isEqualTo(ErrorCode.GROUP_MAX_SIZE_REACHED.code());
        }
    }

    @Test
    void shouldOfferOnlyTheAssignorsOfTheBroker() {
        try (TestBroker broker = broker(Map.of("group.consumer.assignors", "range"))) {
            // When
            ConsumerGroupHeartbeatResponse uniform =
                    beat(broker, member("a", JOIN).setServerAssignor("uniform"));
            ConsumerGroupHeartbeatResponse range =
                    beat(broker, member("b", JOIN).setServerAssignor("range"));

            // Then
            assertThat(uniform.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_ASSIGNOR.code());
            assertThat(range.errorCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"bidirectional, NONE", "Upgrade, NONE", "downgrade, GROUP_ID_NOT_FOUND", "DISABLED, GROUP_ID_NOT_FOUND"
    })
    void shouldMoveGroupsInUseToTheNewProtocolWhenThePolicyAllowsIt(String policy, ErrorCode expected) {
        try (TestBroker broker = broker(Map.of("group.consumer.migration.policy", policy))) {
            // Given
            JoinGroupResponse classic = broker.call(ApiKey.JOIN_GROUP, 3, classicMember());
            broker.call(
                    ApiKey.SYNC_GROUP,
                    3,
                    new SyncGroupRequest()
                            .setGroupId(GROUP)
                            .setMemberId(classic.memberId())
                            .setGenerationId(classic.generationId()));

            // When
            ConsumerGroupHeartbeatResponse joined = join(broker, "a");

            // Then
            assertThat(classic.errorCode()).isZero();
            assertThat(joined.errorCode()).isEqualTo(expected.code());
        }
    }

    @Test
    void shouldServeClassicGroupsOnlyWhenToldSo() {
        try (TestBroker broker = broker(Map.of("group.coordinator.rebalance.protocols", "classic"))) {
            // When
            ConsumerGroupHeartbeatResponse joined = join(broker, "a");

            // Then
            assertThat(joined.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
        }
    }

    @Test
    void shouldServeClassicGroupsOnlyWhenTheFeatureIsOff() {
        try (TestBroker broker = broker(Map.of())) {
            // Given
            UpdateFeaturesRequest off = new UpdateFeaturesRequest();
            off.featureUpdates()
                    .add(new UpdateFeaturesRequest.FeatureUpdateKey()
                            .setFeature(Feature.GROUP_VERSION.featureName())
                            .setMaxVersionLevel(Feature.OFF)
                            .setUpgradeType(UNSAFE_DOWNGRADE));
            UpdateFeaturesResponse updated = broker.call(ApiKey.UPDATE_FEATURES, 2, off);

            // When
            ConsumerGroupHeartbeatResponse joined = join(broker, "a");

            // Then
            assertThat(updated.errorCode()).isZero();
            assertThat(joined.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
        }
    }

    private static JoinGroupRequest classicMember() {
        byte[] topic = "orders".getBytes(StandardCharsets.UTF_8);
        ByteBuffer subscription = ByteBuffer.allocate(12 + topic.length) // version 0, one topic, no user data
                .putShort((short) 0)
                .putInt(1)
                .putShort((short) topic.length)
                .put(topic)
                .putInt(-1)
                .flip();
        JoinGroupRequest request = new JoinGroupRequest()
                .setGroupId(GROUP)
                .setSessionTimeoutMs(30_000)
                .setRebalanceTimeoutMs(30_000)
                .setProtocolType("consumer");
        request.protocols()
                .add(new JoinGroupRequest.JoinGroupRequestProtocol()
                        .setName("range")
                        .setMetadata(subscription.array()));
        return request;
    }

    private TestBroker broker(Map<String, String> settings) {
        TestBroker broker = new TestBroker(data, settings, Authoriser.ALLOW_ALL);
        broker.create("orders", 2);
        broker.call(ApiKey.FIND_COORDINATOR, 0, new FindCoordinatorRequest().setKey(GROUP)); // makes the offsets topic
        return broker;
    }

    private static boolean isMember(TestBroker broker, String memberId) {
        return beat(broker, member(memberId, 1).setRebalanceTimeoutMs(-1).setSubscribedTopicNames(null))
                        .errorCode()
                == ErrorCode.NONE.code();
    }

    private static ConsumerGroupHeartbeatResponse join(TestBroker broker, String memberId) {
        return beat(broker, member(memberId, JOIN));
    }

    private static ConsumerGroupHeartbeatResponse beat(TestBroker broker, ConsumerGroupHeartbeatRequest request) {
        return broker.call(ApiKey.CONSUMER_GROUP_HEARTBEAT, 1, request);
    }

    private static ConsumerGroupHeartbeatRequest member(String memberId, int epoch) {
        return new ConsumerGroupHeartbeatRequest()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setMemberEpoch(epoch)
                .setRebalanceTimeoutMs(300_000)
                .setSubscribedTopicNames(new ArrayList<>(List.of("orders")))
                .setTopicPartitions(epoch == JOIN ? new ArrayList<>() : null);
    }

    private static void set(TestBroker broker, ConfigResource resource, String name, String value) {
        IncrementalAlterConfigsRequest.AlterConfigsResource changed =
                new IncrementalAlterConfigsRequest.AlterConfigsResource()
                        .setResourceType(resource.type().id())
                        .setResourceName(resource.name());
        changed.configs()
                .add(new IncrementalAlterConfigsRequest.AlterableConfig()
                        .setName(name)
                        .setValue(value));
        IncrementalAlterConfigsRequest request = new IncrementalAlterConfigsRequest();
        request.resources().add(changed);
        broker.call(ApiKey.INCREMENTAL_ALTER_CONFIGS, 1, request);
    }
}
