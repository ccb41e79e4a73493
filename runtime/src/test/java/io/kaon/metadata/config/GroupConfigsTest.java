// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.config.ConfigDescription.Described;
import io.kaon.metadata.config.ConfigEntry.Synonym;
import io.kaon.wire.state.ConfigRecord;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in effect for a group, and what DescribeConfigs says of it. */
class GroupConfigsTest {
    private static final BrokerSettings BROKER =
            BrokerSettings.of(Map.of("group.consumer.session.timeout.ms", "50000"), Map.of("node.id", "0"));

    private final ImageBuilder image = new ImageBuilder(ClusterImage.EMPTY);

    @Test
    void shouldHaveKafkasDefaults() {
        // When
        GroupConfigs configs = GroupConfigs.of(ClusterImage.EMPTY, BrokerSettings.DEFAULTS, "g");

        // Then
        assertThat(configs.consumerSessionTimeoutMs()).isEqualTo(45_000);
        assertThat(configs.consumerHeartbeatIntervalMs()).isEqualTo(5_000);
        assertThat(configs.consumerAssignmentIntervalMs()).isEqualTo(1_000);
    }

    @Test
    void shouldPreferTheGroupsOwnSettingsToTheBrokers() {
        // Given
        set(ConfigResource.group("g"), "consumer.session.timeout.ms", " 55000 ");
        set(ConfigResource.brokerDefault(), "group.consumer.assignment.interval.ms", "20");

        // When
        GroupConfigs own = GroupConfigs.of(image.build(1), BROKER, "g");
        GroupConfigs other = GroupConfigs.of(image.build(1), BROKER, "h");

        // Then
        assertThat(own.consumerSessionTimeoutMs()).isEqualTo(55_000);
        assertThat(other.consumerSessionTimeoutMs()).isEqualTo(50_000);
        assertThat(own.consumerAssignmentIntervalMs()).isEqualTo(20);
    }

    @ParameterizedTest
    @CsvSource({"1000, 45000", "61000, 60000", "47000, 47000"})
    void shouldTakeTheNearestValueThatTheBrokerAllows(String set, int effective) {
        // Given
        set(ConfigResource.group("g"), "consumer.session.timeout.ms", set);

        // When
        GroupConfigs configs = GroupConfigs.of(image.build(1), BROKER, "g");

        // Then
        assertThat(configs.consumerSessionTimeoutMs()).isEqualTo(effective);
    }

    @Test
    void shouldDescribeTheBrokersSettingsUnderTheGroups() {
        // Given
        set(ConfigResource.group("g"), "consumer.session.timeout.ms", "55000");

        // When
        Described described =
                (Described) new ConfigDescriber(BROKER).describe(image.build(1), ConfigResource.group("g"));

        // Then
        ConfigEntry session = entry(described, "consumer.session.timeout.ms");
        assertThat(session.isReadOnly()).isFalse();
        assertThat(session.synonyms())
                .containsExactly(
                        new Synonym("consumer.session.timeout.ms", Optional.of("55000"), ConfigSource.GROUP),
                        new Synonym(
                                "group.consumer.session.timeout.ms", Optional.of("50000"), ConfigSource.STATIC_BROKER),
                        new Synonym("group.consumer.session.timeout.ms", Optional.of("45000"), ConfigSource.DEFAULT));
        ConfigEntry reset = entry(described, "share.auto.offset.reset");
        assertThat(reset.isReadOnly()).isTrue();
        assertThat(reset.synonyms())
                .containsExactly(new Synonym("share.auto.offset.reset", Optional.of("latest"), ConfigSource.DEFAULT));
    }

    private static ConfigEntry entry(Described described, String name) {
        return described.entries().stream()
                .filter(entry -> entry.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private void set(ConfigResource resource, String name, String value) {
        image.replay(new ConfigRecord()
                .setResourceType(resource.type().id())
                .setResourceName(resource.name())
                .setName(name)
                .setValue(value));
    }
}
