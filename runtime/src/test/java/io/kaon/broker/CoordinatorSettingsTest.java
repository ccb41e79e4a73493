// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.coordinator.ShardOptions;
import io.kaon.coordinator.group.GroupOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupConfig;
import io.kaon.coordinator.group.consumer.ConsumerGroupOptions;
import io.kaon.coordinator.group.consumer.ConsumerGroupPorts;
import io.kaon.coordinator.group.consumer.MigrationPolicy;
import io.kaon.coordinator.transaction.TransactionOptions;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ImageBuilder;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.server.handler.PartitionVerifier;
import io.kaon.wire.state.ConfigRecord;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each setting of the coordinators arrives in the option that the code reads: each value occurs once. */
class CoordinatorSettingsTest {
    private static final long MS_PER_MINUTE = 60_000;

    @Test
    void shouldTakeTheSettingsOfClassicGroupsAndOffsets() {
        // When
        Settings settings = settings(Map.of(
                "group.min.session.timeout.ms", "1001",
                "group.max.session.timeout.ms", "1002",
                "group.max.size", "1003",
                "group.initial.rebalance.delay.ms", "1004",
                "offset.metadata.max.bytes", "1005",
                "offsets.retention.minutes", "1006",
                "offsets.retention.check.interval.ms", "1007"));

        // Then
        assertThat(settings.groups())
                .isEqualTo(new GroupOptions(1001, 1002, 1003, 1004, 1005, 1006 * MS_PER_MINUTE, 1007));
    }

    @Test
    void shouldWaitAMomentForMembersOnTheirWayWithoutDelayToo() {
        assertThat(settings(Map.of("group.initial.rebalance.delay.ms", "0"))
                        .groups()
                        .initialRebalanceDelayMs())
                .isEqualTo(25);
    }

    @Test
    void shouldTakeTheSettingsOfTheOffsetsTopic() {
        // When
        Settings settings = settings(Map.of(
                "offsets.commit.timeout.ms", "1001",
                "offsets.load.buffer.size", "1002",
                "offsets.topic.compression.codec", "4"));

        // Then
        ShardOptions shards = settings.groupShards();
        assertThat(shards.commitTimeoutMs()).isEqualTo(1001);
        assertThat(shards.loadChunkBytes()).isEqualTo(1002);
        assertThat(settings.offsetsCompression()).isEqualTo(Compression.of(CompressionType.ZSTD));
    }

    @Test
    void shouldTakeTheSettingsOfTransactions() {
        // When
        Settings settings = settings(Map.of(
                "transaction.max.timeout.ms", "1001",
                "transaction.abort.timed.out.transaction.cleanup.interval.ms", "1002",
                "transactional.id.expiration.ms", "1003",
                "transaction.remove.expired.transaction.cleanup.interval.ms", "1004",
                "transaction.state.log.load.buffer.size", "1005"));

        // Then
        assertThat(settings.transactions()).isEqualTo(new TransactionOptions(1001, 1002, 1003, 1004));
        assertThat(settings.transactionShards().loadChunkBytes()).isEqualTo(1005);
    }

    @Test
    void shouldTakeTheSettingsOfTheVerificationOfWrites() {
        // Given
        Settings settings = settings(Map.of(
                "add.partitions.to.txn.retry.backoff.ms", "1001",
                "add.partitions.to.txn.retry.backoff.max.ms", "1002"));
        ClusterImage off = with(ConfigResource.brokerDefault(), "transaction.partition.verification.enable", "false");

        // When
        PartitionVerifier.Options byDefault = settings.verification(() -> ClusterImage.EMPTY);
        PartitionVerifier.Options switchedOff = settings.verification(() -> off);

        // Then
        assertThat(byDefault.retryBackoffMs()).isEqualTo(1001);
        assertThat(byDefault.retryMaxMs()).isEqualTo(1002);
        assertThat(byDefault.isEnabled().getAsBoolean()).isTrue();
        assertThat(switchedOff.isEnabled().getAsBoolean()).isFalse();
    }

    @Test
    void shouldTakeTheSettingsOfConsumerGroups() {
        // Given
        Settings settings = settings(Map.of(
                "group.consumer.max.size", "1001",
                "group.consumer.assignors", "range,uniform",
                "group.consumer.migration.policy", "upgrade",
                "group.consumer.session.timeout.ms", "45002",
                "group.consumer.heartbeat.interval.ms", "5003",
                "group.consumer.assignment.interval.ms", "1004",
                "kaon.group.consumer.settling.interval.ms", "1005"));

        // When
        ConsumerGroupPorts ports = settings.consumerGroups(() -> ClusterImage.EMPTY, Runnable::run);

        // Then
        assertThat(ports.options())
                .isEqualTo(new ConsumerGroupOptions(1001, List.of("range", "uniform"), MigrationPolicy.UPGRADE));
        assertThat(ports.configs().apply("group")).isEqualTo(new ConsumerGroupConfig(45_002, 5_003, 1_004, 1_005));
    }

    @Test
    void shouldFollowTheAssignmentIntervalWhileTheBrokerRuns() {
        // Given
        ClusterImage image = with(ConfigResource.brokerDefault(), "group.consumer.assignment.interval.ms", "2001");

        // When
        ConsumerGroupPorts ports = settings(Map.of()).consumerGroups(() -> image, Runnable::run);

        // Then
        assertThat(ports.configs().apply("group").assignmentIntervalMs()).isEqualTo(2_001);
    }

    @Test
    void shouldHoldWhatWasSetForAGroupToTheBrokersBounds() {
        // Given
        Settings settings = settings(Map.of(
                "group.consumer.max.session.timeout.ms", "50001",
                "group.consumer.min.heartbeat.interval.ms", "4002",
                "group.consumer.max.assignment.interval.ms", "3003"));
        ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);
        Map.of(
                        "consumer.session.timeout.ms", "60000",
                        "consumer.heartbeat.interval.ms", "1",
                        "consumer.assignment.interval.ms", "9000")
                .forEach((name, value) -> builder.replay(record(ConfigResource.group("group"), name, value)));
        ClusterImage image = builder.build(1);

        // When
        ConsumerGroupConfig config =
                settings.consumerGroups(() -> image, Runnable::run).configs().apply("group");

        // Then
        assertThat(config.sessionTimeoutMs()).isEqualTo(50_001);
        assertThat(config.heartbeatIntervalMs()).isEqualTo(4_002);
        assertThat(config.assignmentIntervalMs()).isEqualTo(3_003);
    }

    private static ClusterImage with(ConfigResource resource, String name, String value) {
        return new ImageBuilder(ClusterImage.EMPTY)
                .replay(record(resource, name, value))
                .build(1);
    }

    private static ConfigRecord record(ConfigResource resource, String name, String value) {
        return new ConfigRecord()
                .setResourceType(resource.type().id())
                .setResourceName(resource.name())
                .setName(name)
                .setValue(value);
    }

    private static Settings settings(Map<String, String> config) {
        return Settings.of(BrokerOptions.embedded().withConfig(config), Path.of("unused"));
    }
}
