// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.ConfigResource.Type;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.config.ConfigDescription.Described;
import io.kaon.metadata.config.ConfigDescription.Refused;
import io.kaon.metadata.config.ConfigEntry.Synonym;
import io.kaon.wire.state.ConfigRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Effective settings of topics, and what DescribeConfigs says. */
class TopicSettingsTest {
    private static final ConfigResource TOPIC = ConfigResource.topic("t");

    private final ImageBuilder image = new ImageBuilder(ClusterImage.EMPTY)
            .replay(new TopicRecord().setName("t").setTopicId(new Uuid(0, 1)));

    @Test
    void shouldHaveKafkasDefaults() {
        // When
        TopicSettings settings = TopicSettings.of(ClusterImage.EMPTY, "t", BrokerSettings.DEFAULTS);

        // Then
        assertThat(settings.retentionMs()).isEqualTo(604_800_000);
        assertThat(settings.retentionBytes()).isEqualTo(-1);
        assertThat(settings.segmentBytes()).isEqualTo(1 << 30);
        assertThat(settings.segmentMs()).isEqualTo(604_800_000);
        assertThat(settings.segmentIndexBytes()).isEqualTo(10 << 20);
        assertThat(settings.indexIntervalBytes()).isEqualTo(4_096);
        assertThat(settings.maxMessageBytes()).isEqualTo(1_048_588);
        assertThat(settings.isLogAppendTime()).isFalse();
        assertThat(settings.timestampBeforeMaxMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(settings.timestampAfterMaxMs()).isEqualTo(3_600_000);
        assertThat(settings.fileDeleteDelayMs()).isEqualTo(60_000);
        assertThat(settings.minInsyncReplicas()).isEqualTo(1);
        assertThat(settings.isDeleted()).isTrue();
        assertThat(settings.isCompacted()).isFalse();
    }

    @Test
    void shouldPreferStrongerSources() {
        // Given
        BrokerSettings broker = broker(Map.of("log.retention.hours", "2"));
        assertThat(TopicSettings.of(image.build(0), "t", broker).retentionMs()).isEqualTo(7_200_000);
        assertThat(TopicSettings.of(
                                image.build(0),
                                "t",
                                broker(Map.of("log.retention.hours", "2", "log.retention.minutes", "3")))
                        .retentionMs())
                .isEqualTo(180_000);

        // When, Then
        set(ConfigResource.brokerDefault(), "log.retention.ms", "30");
        assertThat(TopicSettings.of(image.build(0), "t", broker).retentionMs()).isEqualTo(30);
        set(ConfigResource.broker(0), "log.retention.ms", "20");
        assertThat(TopicSettings.of(image.build(0), "t", broker).retentionMs()).isEqualTo(20);
        set(TOPIC, "retention.ms", "10");
        assertThat(TopicSettings.of(image.build(0), "t", broker).retentionMs()).isEqualTo(10);
        assertThat(TopicSettings.of(image.build(0), "u", broker).retentionMs()).isEqualTo(20);
    }

    @Test
    void shouldUnderstandUnlimitedHours() {
        assertThat(TopicSettings.of(ClusterImage.EMPTY, "t", broker(Map.of("log.retention.hours", "-1")))
                        .retentionMs())
                .isEqualTo(-1);
    }

    @Test
    void shouldDescribeAllSettingsOfTopic() {
        // Given
        set(TOPIC, "retention.ms", "10");

        // When
        Described described = (Described) describe(TOPIC);

        // Then (C8)
        assertThat(described.entries()).hasSize(ConfigCatalogue.topics().keys().size());
        assertThat(described.entries()).extracting(ConfigEntry::name).isSorted();
        ConfigEntry retention = entry(described, "retention.ms");
        assertThat(retention.value()).contains("10");
        assertThat(retention.source()).isEqualTo(ConfigSource.TOPIC);
        assertThat(retention.isReadOnly()).isFalse();
        assertThat(retention.synonyms())
                .containsExactly(
                        new Synonym("retention.ms", Optional.of("10"), ConfigSource.TOPIC),
                        new Synonym("log.retention.hours", Optional.of("168"), ConfigSource.DEFAULT));
        ConfigEntry segment = entry(described, "segment.bytes");
        assertThat(segment.source()).isEqualTo(ConfigSource.DEFAULT);
        assertThat(entry(described, "compression.type").isReadOnly()).isFalse();
        assertThat(entry(described, "remote.storage.enable").isReadOnly()).isTrue();
    }

    @Test
    void shouldDescribeAllSettingsOfThisBroker() {
        // Given
        set(ConfigResource.broker(0), "log.retention.ms", "20");

        // When
        Described described = (Described) describe(ConfigResource.broker(0));

        // Then
        assertThat(described.entries()).hasSize(ConfigCatalogue.brokers().keys().size());
        assertThat(entry(described, "log.retention.ms").source()).isEqualTo(ConfigSource.DYNAMIC_BROKER);
        assertThat(entry(described, "node.id").value()).contains("0");
        assertThat(entry(described, "node.id").source()).isEqualTo(ConfigSource.STATIC_BROKER);
        assertThat(entry(described, "log.roll.ms").value()).isEmpty();
        assertThat(entry(described, "num.partitions").isReadOnly()).isTrue();
        assertThat(entry(described, "ssl.keystore.password").key().isSensitive())
                .isTrue();
        assertThat(entry(described, "ssl.keystore.password").value()).isEmpty();
    }

    @Test
    void shouldDescribeOnlyWhatIsSetForAllBrokers() {
        // Given
        set(ConfigResource.brokerDefault(), "log.retention.ms", "30");

        // When
        Described described = (Described) describe(ConfigResource.brokerDefault());

        // Then
        assertThat(described.entries()).extracting(ConfigEntry::name).containsExactly("log.retention.ms");
        assertThat(described.entries().get(0).source()).isEqualTo(ConfigSource.DYNAMIC_DEFAULT_BROKER);
    }

    @Test
    void shouldDescribeGroupsAndLoggers() {
        assertThat(((Described) describe(new ConfigResource(Type.GROUP, "g"))).entries())
                .hasSize(ConfigCatalogue.groups().keys().size());
        assertThat(((Described) describe(new ConfigResource(Type.CLIENT_METRICS, "m"))).entries())
                .isEmpty();
        assertThat(((Described) describe(new ConfigResource(Type.BROKER_LOGGER, "0"))).entries())
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "TOPIC, nowhere, UNKNOWN_TOPIC_OR_PARTITION",
        "TOPIC, a/b, INVALID_TOPIC_EXCEPTION",
        "BROKER, 1, INVALID_REQUEST",
        "BROKER, x, INVALID_REQUEST",
        "BROKER_LOGGER, 1, INVALID_REQUEST",
        "GROUP, '', INVALID_REQUEST",
        "CLIENT_METRICS, '', INVALID_REQUEST",
    })
    void shouldRefuseToDescribe(Type type, String name, ErrorCode expected) {
        assertThat(((Refused) describe(new ConfigResource(type, name))).code()).isEqualTo(expected);
    }

    private ConfigDescription describe(ConfigResource resource) {
        return new ConfigDescriber(broker(Map.of())).describe(image.build(0), resource);
    }

    private void set(ConfigResource resource, String name, String value) {
        image.replay(List.of(new ConfigRecord()
                .setResourceType(resource.type().id())
                .setResourceName(resource.name())
                .setName(name)
                .setValue(value)));
    }

    private static BrokerSettings broker(Map<String, String> configured) {
        return BrokerSettings.of(configured, Map.of("node.id", "0"));
    }

    private static ConfigEntry entry(Described described, String name) {
        return described.entries().stream()
                .filter(it -> it.name().equals(name))
                .findFirst()
                .orElseThrow();
    }
}
