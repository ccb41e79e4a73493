// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.KaonConnector;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectorAttributesTest {
    /** There is never an address that nobody has set (design, D9). */
    private static final Set<String> OTHER_DEFAULT = Set.of("bootstrap.servers");

    /** What the embedded clients read, for both kinds of clients. */
    private static final Set<String> HONOURED = Set.of(
            "allow.auto.create.topics",
            "auto.commit.interval.ms",
            "auto.offset.reset",
            "bootstrap.servers",
            "buffer.memory",
            "client.id",
            "client.rack",
            "compression.type",
            "default.api.timeout.ms",
            "delivery.timeout.ms",
            "enable.auto.commit",
            "exclude.internal.topics",
            "fetch.max.bytes",
            "fetch.max.wait.ms",
            "fetch.min.bytes",
            "group.id",
            "group.instance.id",
            "group.protocol",
            "group.remote.assignor",
            "heartbeat.interval.ms",
            "interceptor.classes",
            "isolation.level",
            "key.deserializer",
            "key.serializer",
            "max.partition.fetch.bytes",
            "max.poll.interval.ms",
            "max.poll.records",
            "max.request.size",
            "metadata.max.age.ms",
            "partition.assignment.strategy",
            "partitioner.class",
            "partitioner.ignore.keys",
            "request.timeout.ms",
            "retries",
            "retry.backoff.max.ms",
            "retry.backoff.ms",
            "session.timeout.ms",
            "transaction.timeout.ms",
            "transactional.id",
            "value.deserializer",
            "value.serializer");

    private static final Map<String, ConnectorAttribute> OURS =
            ConnectorAttributes.all().stream().collect(Collectors.toMap(ConnectorAttribute::name, Function.identity()));

    static Stream<ConnectorAttribute> theirs() {
        return Stream.of(KafkaConnector.class.getAnnotationsByType(ConnectorAttribute.class));
    }

    @ParameterizedTest
    @MethodSource("theirs")
    void shouldHaveEveryAttributeOfSmallRyeKafka(ConnectorAttribute theirs) {
        // When
        ConnectorAttribute ours = OURS.get(theirs.name());

        // Then
        assertThat(ours).as(theirs.name()).isNotNull();
        assertThat(ours.type()).isEqualTo(theirs.type());
        assertThat(ours.direction()).isEqualTo(theirs.direction());
        assertThat(ours.alias()).isEqualTo(theirs.alias());
        assertThat(ours.deprecated()).isEqualTo(theirs.deprecated());
        assertThat(ours.mandatory()).isEqualTo(theirs.mandatory());
        assertThat(ours.description()).isNotBlank().isNotEqualTo(theirs.description());
        if (!OTHER_DEFAULT.contains(theirs.name())) {
            assertThat(ours.defaultValue()).as(theirs.name()).isEqualTo(theirs.defaultValue());
        }
    }

    @Test
    void shouldSpeakOnlyOfWhatThereIs() {
        // Given
        Set<String> known = Stream.of(
                        OURS.keySet(),
                        ConsumerConfig.configNames(),
                        ProducerConfig.configNames(),
                        Set.of("tls-configuration-name", "config.providers"))
                .flatMap(Set::stream)
                .collect(Collectors.toSet());

        // When
        Stream<String> names = EmbeddedSupport.all().keySet().stream();

        // Then
        assertThat(names).allSatisfy(name -> assertThat(known)
                .anyMatch(there -> name.endsWith(".*")
                        ? there.startsWith(name.substring(0, name.length() - 1))
                        : there.equals(name)));
    }

    /** A setting that a new version of Kafka's clients brings has to get into one of the two. */
    @Test
    void shouldKnowWhatEachSettingOfKafkasClientsDoes() {
        // When
        Set<String> unknown = Stream.of(ConsumerConfig.configNames(), ProducerConfig.configNames())
                .flatMap(Set::stream)
                .filter(name ->
                        !HONOURED.contains(name) && EmbeddedSupport.of(name).isEmpty())
                .filter(name -> !name.startsWith("internal.") && !name.startsWith("share."))
                .collect(Collectors.toSet());

        // Then
        assertThat(unknown).isEmpty();
        assertThat(HONOURED)
                .allSatisfy(
                        name -> assertThat(EmbeddedSupport.of(name)).as(name).isEmpty());
    }

    @Test
    void shouldNameWhatIsAskedForInVain() {
        // Given
        Config channel = new SmallRyeConfigBuilder()
                .withDefaultValue("metric.reporters", "org.acme.Reporter")
                .withDefaultValue("config.providers", "file")
                .withDefaultValue("security.protocol", "SASL_SSL")
                .build();

        // When
        String sentence = VainSettings.sentence(channel, "a.b", true).orElseThrow();

        // Then
        assertThat(sentence)
                .startsWith("The channel 'a.b' reaches the broker in this application without a socket")
                .contains("metric.reporters", "config.providers")
                .contains("set mp.messaging.incoming.\"a.b\".bootstrap.servers")
                .doesNotContain("security.protocol");
    }

    @Test
    void shouldReadEnvironmentVariables() {
        // Given
        Config global = new SmallRyeConfigBuilder()
                .withSources(new EnvConfigSource(
                        Map.of(
                                "MP_MESSAGING_INCOMING__A_B__METRIC_REPORTERS",
                                "org.acme.Reporter",
                                "MP_MESSAGING_CONNECTOR_KAON_CONFIG_PROVIDERS",
                                "file",
                                "MP_MESSAGING_INCOMING__A_B__BOOTSTRAP_SERVERS",
                                "elsewhere:9092"),
                        300))
                .build();

        // When
        Config channel = Configs.incoming(global, KaonConnector.CONNECTOR_NAME, "a.b");

        // Then
        assertThat(VainSettings.sentence(channel, "a.b", true).orElseThrow())
                .contains("metric.reporters", "config.providers");
        assertThat(ChannelRoute.of(channel, Map.of(), Optional.empty(), Map.of()))
                .isInstanceOf(ChannelRoute.Remote.class);
    }

    @Test
    void shouldSayNothingOfDefaultsAndOfWhatDoesNoHarm() {
        // Given
        Config channel = new SmallRyeConfigBuilder()
                .withDefaultValue("transaction.two.phase.commit.enable", "false")
                .withDefaultValue("sasl.mechanism", "PLAIN")
                .build();

        // When, Then
        assertThat(VainSettings.sentence(channel, "out", false)).isEmpty();
        assertThat(EmbeddedSupport.of("sasl.mechanism")).isPresent();
    }
}
