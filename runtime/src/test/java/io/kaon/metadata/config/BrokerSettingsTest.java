// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokerSettingsTest {
    @Test
    void shouldHaveKafkasDefaults() {
        // When
        BrokerSettings settings = BrokerSettings.DEFAULTS;

        // Then
        assertThat(settings.numPartitions()).isEqualTo(1);
        assertThat(settings.isAutoCreateTopics()).isTrue();
        assertThat(settings.isDeleteTopic()).isTrue();
        assertThat(settings.socketRequestMaxBytes()).isEqualTo(104_857_600);
        assertThat(settings.groupInitialRebalanceDelayMs()).isEqualTo(3_000);
        assertThat(settings.offsetsTopicPartitions()).isEqualTo(50);
        assertThat(settings.queuedMaxRequestBytes()).isEqualTo(-1);
        assertThat(settings.fetchMaxBytes()).isEqualTo(57_671_680);
        assertThat(settings.rack()).isEmpty();
        assertThat(settings.nodeId()).isEmpty();
    }

    @Test
    void shouldTakeWhatIsConfiguredAndDerived() {
        // When
        BrokerSettings settings =
                BrokerSettings.of(Map.of("num.partitions", " 3 ", "broker.rack", "r1"), Map.of("node.id", "7"));

        // Then
        assertThat(settings.numPartitions()).isEqualTo(3);
        assertThat(settings.rack()).contains("r1");
        assertThat(settings.nodeId()).hasValue(7);
    }

    @ParameterizedTest
    @CsvSource({
        "num.partitons, 3, is unknown",
        "num.partitions, 0, must be at least 1",
        "num.partitions, many, must be a 32-bit number",
        "num.partitions, 3000000000, must be a 32-bit number",
        "auto.create.topics.enable, yes, must be true or false",
        "log.retention.hours, 0, must be at least 1",
        "log.message.timestamp.type, Now, must be one of CreateTime",
        "node.id, 3, cannot be set",
        "listeners, PLAINTEXT://:1, cannot be set",
        "log.dirs, /x, cannot be set",
        "compression.type, brotli, must be one of uncompressed",
        "background.threads, 9, is not supported by this version of Kaon",
        "num.io.threads, 9, is not supported by this version of Kaon",
        "ssl.keystore.password, secret, is not supported by this version of Kaon",
        "group.min.session.timeout.ms, 2000000, must not be larger",
    })
    void shouldRefuseWithOneSentenceThatNamesTheOption(String name, String value, String expected) {
        assertThatThrownBy(() -> BrokerSettings.of(Map.of(name, value), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("quarkus.kaon.broker.config.\"" + name + "\" ")
                .hasMessageContaining(expected)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "compression.type, producer",
        "num.io.threads, 8",
        "log.retention.hours, -1",
        "log.cleanup.policy, delete"
    })
    void shouldAcceptHarmlessValues(String name, String value) {
        assertThat(BrokerSettings.of(Map.of(name, value), Map.of()).configured(name))
                .contains(value);
    }

    @Test
    void shouldHoldEachDefaultToItsOwnRule() {
        for (ConfigCatalogue catalogue : new ConfigCatalogue[] {
            ConfigCatalogue.topics(),
            ConfigCatalogue.brokers(),
            ConfigCatalogue.groups(),
            ConfigCatalogue.clientMetrics()
        }) {
            for (ConfigKey key : catalogue.keys()) {
                assertThat(key.defaultValue().flatMap(key::problem))
                        .as(key.name())
                        .isEmpty();
                assertThat(key.documentation()).as(key.name()).endsWith(".");
            }
        }
    }

    @Test
    void shouldKnowEverySynonymOfTopicAndGroupSettings() {
        for (ConfigCatalogue catalogue : List.of(ConfigCatalogue.topics(), ConfigCatalogue.groups())) {
            for (ConfigKey key : catalogue.keys()) {
                for (String synonym : key.synonyms()) {
                    assertThat(ConfigCatalogue.brokers().find(synonym))
                            .as(synonym)
                            .isPresent();
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "group.consumer.session.timeout.ms, 44999, smaller than group.consumer.min.session.timeout.ms",
        "group.consumer.session.timeout.ms, 60001, larger than group.consumer.max.session.timeout.ms",
        "group.consumer.min.session.timeout.ms, 70000, larger than group.consumer.max.session.timeout.ms",
        "group.consumer.heartbeat.interval.ms, 1, smaller than group.consumer.min.heartbeat.interval.ms",
        "group.consumer.max.assignment.interval.ms, 999, larger than group.consumer.max.assignment.interval.ms",
        "group.consumer.assignors, sticky, one of uniform",
        "group.consumer.assignors, '', one assignor at least",
        "group.consumer.assignors, 'range,range', each once",
    })
    void shouldRefuseSettingsOfConsumerGroupsThatDoNotFit(String key, String value, String expected) {
        assertThatThrownBy(() -> BrokerSettings.of(Map.of(key, value), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void shouldRefuseSessionsOfConsumerGroupsThatAreNoLongerThanAHeartbeat() {
        // Given
        Map<String, String> settings =
                Map.of("group.consumer.min.session.timeout.ms", "1000", "group.consumer.session.timeout.ms", "5000");

        // When / Then
        assertThatThrownBy(() -> BrokerSettings.of(settings, Map.of()))
                .hasMessageContaining("must be larger than group.consumer.heartbeat.interval.ms");
    }
}
