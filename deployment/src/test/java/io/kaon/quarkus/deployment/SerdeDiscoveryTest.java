// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static io.quarkus.smallrye.reactivemessaging.deployment.items.ChannelDirection.INCOMING;
import static io.quarkus.smallrye.reactivemessaging.deployment.items.ChannelDirection.OUTGOING;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.kafka.client.serialization.ObjectMapperDeserializer;
import io.quarkus.kafka.client.serialization.ObjectMapperSerializer;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ConnectorManagedChannelBuildItem;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.serialization.BooleanDeserializer;
import org.apache.kafka.common.serialization.BooleanSerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.ListDeserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.jboss.jandex.Index;
import org.jboss.jandex.IndexView;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of {@link Signatures}, held against Quarkus' own discovery as well. */
class SerdeDiscoveryTest {
    private static final String INCOMING_PREFIX = "mp.messaging.incoming.";
    private static final String OUTGOING_PREFIX = "mp.messaging.outgoing.";

    private static Map<String, String> ours;
    private static Map<String, String> quarkus;

    /** One channel of the table. */
    private record Row(String channel, boolean isIncoming, Expect expected) {
        String setting(String attribute) {
            return (isIncoming ? INCOMING_PREFIX : OUTGOING_PREFIX) + channel + "." + attribute;
        }

        String serde(String part) {
            return setting(part + (isIncoming ? ".deserializer" : ".serializer"));
        }

        @Override
        public String toString() {
            return channel;
        }
    }

    @BeforeAll
    static void discover() throws Exception {
        Index index = index();
        ours = discovery(index, Map.of(), new JsonSerdeGenerator()).defaults();
        quarkus = QuarkusDiscovery.defaults(
                index,
                rows().map(row -> new ConnectorManagedChannelBuildItem(
                                row.channel(), row.isIncoming() ? INCOMING : OUTGOING, "smallrye-kafka"))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldFindWhatSignatureTells(Row row) {
        assertThat(read(ours.get(row.serde("key")))).as("key").isEqualTo(row.expected.key());
        assertThat(read(ours.get(row.serde("value")))).as("value").isEqualTo(row.expected.value());
        assertThat(ours.containsKey(row.setting("batch"))).as("batch").isEqualTo(row.expected.batch());
    }

    @ParameterizedTest
    @MethodSource("rows")
    void shouldFindWhatQuarkusFinds(Row row) {
        List<String> mine = Stream.of(row.serde("key"), row.serde("value"), row.setting("batch"))
                .map(key -> read(ours.get(key)))
                .toList();
        List<String> theirs = Stream.of(row.serde("key"), row.serde("value"), row.setting("batch"))
                .map(key -> read(quarkus.get(key)))
                .toList();

        if (row.expected.better().isEmpty()) {
            assertThat(mine).isEqualTo(theirs);
        } else {
            assertThat(mine).as(row.expected.better()).isNotEqualTo(theirs);
        }
    }

    @Test
    void shouldNameTransactionAndItsGuarantees() {
        assertThat(ours)
                .containsEntry(
                        "mp.messaging.outgoing.transactions.transactional.id",
                        "${quarkus.application.name}-transactions")
                .containsEntry("mp.messaging.outgoing.transactions.enable.idempotence", "true")
                .containsEntry("mp.messaging.outgoing.transactions.acks", "all");
        assertThat(ours.entrySet().stream()
                        .filter(setting -> setting.getKey().contains(".transactions."))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrderElementsOf(quarkus.keySet().stream()
                        .filter(key -> key.contains(".transactions."))
                        .toList());
    }

    @Test
    void shouldFindReaderOfReplies() {
        String reader = "mp.messaging.outgoing.requests.reply.value.deserializer";
        assertThat(read(ours.get(reader))).isEqualTo("json").isEqualTo(read(quarkus.get(reader)));
    }

    @Test
    void shouldLeaveAloneWhatIsSet() throws Exception {
        // Given
        Map<String, String> settings = Map.of(
                INCOMING_PREFIX + "record.key.deserializer",
                "Mine",
                "mp.messaging.connector.kaon.value.deserializer",
                "Theirs",
                OUTGOING_PREFIX + "record-out.value.serializer",
                "Mine");

        // When
        Map<String, String> found =
                discovery(index(), settings, new JsonSerdeGenerator()).defaults();

        // Then
        assertThat(found)
                .doesNotContainKeys(
                        INCOMING_PREFIX + "record.key.deserializer",
                        INCOMING_PREFIX + "record.value.deserializer",
                        INCOMING_PREFIX + "plain.value.deserializer",
                        OUTGOING_PREFIX + "record-out.value.serializer")
                .containsKey(OUTGOING_PREFIX + "record-out.key.serializer");
    }

    @Test
    void shouldKnowTypesOfJsonThatChannelNamesItself() throws Exception {
        // Given
        Map<String, String> settings = Map.of(
                OUTGOING_PREFIX + "plain-out.value.serializer",
                ObjectMapperSerializer.class.getName(),
                INCOMING_PREFIX + "mapped.value.deserializer",
                Signatures.MappedDeserializer.class.getName(),
                INCOMING_PREFIX + "written.value.deserializer",
                Signatures.WrittenDeserializer.class.getName());
        SerdeDiscovery discovery = new SerdeDiscovery(
                index(),
                new SerdeFinder(index(), name -> true, Optional.empty()),
                config(settings),
                Set.of("mapped", "written"),
                Set.of("plain-out"));

        // When
        discovery.defaults();

        // Then
        assertThat(discovery.jsonTypes())
                .extracting(type -> type.name().withoutPackagePrefix())
                .containsExactlyInAnyOrder("Signatures$Plain", "Signatures$Mapped");
    }

    @Test
    void shouldGenerateNothingWhenToldSo() throws Exception {
        // When
        Map<String, String> found = new SerdeDiscovery(
                        index(),
                        new SerdeFinder(index(), name -> true, Optional.empty()),
                        config(Map.of()),
                        Set.of("plain", "written"),
                        Set.of("plain-out"))
                .defaults();

        // Then
        assertThat(found).containsOnlyKeys(INCOMING_PREFIX + "written.value.deserializer");
    }

    @Test
    void shouldGenerateSameClassesInEachBuild() throws Exception {
        // Given
        JsonSerdeGenerator first = new JsonSerdeGenerator();
        JsonSerdeGenerator second = new JsonSerdeGenerator();

        // When
        discovery(index(), Map.of(), first).defaults();
        discovery(index(), Map.of(), second).defaults();

        // Then
        assertThat(first.classes().keySet()).isEqualTo(second.classes().keySet());
        first.classes()
                .forEach((name, bytes) ->
                        assertThat(second.classes().get(name)).as(name).isEqualTo(bytes));
    }

    @Test
    void shouldReadWhatItWrites() throws Exception {
        // Given
        JsonSerdeGenerator generator = new JsonSerdeGenerator();
        Map<String, String> found = discovery(index(), Map.of(), generator).defaults();
        ClassLoader loader = new ClassLoader(getClass().getClassLoader()) {
            @Override
            protected Class<?> findClass(String name) throws ClassNotFoundException {
                byte[] bytes = generator.classes().get(name);
                if (bytes == null) {
                    throw new ClassNotFoundException(name);
                }
                return defineClass(name, bytes, 0, bytes.length);
            }
        };

        // When
        Object plain = roundTrip(loader, found, "plain", new Signatures.Plain(7));
        Object generic = roundTrip(loader, found, "generic", Map.of("a", new Signatures.Plain(8)));
        Object decimal = roundTrip(loader, found, "decimal", new java.math.BigDecimal("1.5"));

        // Then
        assertThat(plain).isEqualTo(new Signatures.Plain(7));
        assertThat(generic).isEqualTo(Map.of("a", new Signatures.Plain(8)));
        assertThat(decimal).isEqualTo(new java.math.BigDecimal("1.5"));
    }

    @SuppressWarnings("unchecked")
    private static Object roundTrip(ClassLoader loader, Map<String, String> found, String channel, Object value)
            throws Exception {
        String reader = found.get(INCOMING_PREFIX + channel + ".value.deserializer");
        String writer = FoundSerde.of(reader).mirror();
        Serializer<Object> serializer =
                (Serializer<Object>) loader.loadClass(writer).getConstructor().newInstance();
        Deserializer<Object> deserializer =
                (Deserializer<Object>) loader.loadClass(reader).getConstructor().newInstance();
        try (serializer;
                deserializer) {
            return deserializer.deserialize("topic", serializer.serialize("topic", value));
        }
    }

    private static SerdeDiscovery discovery(
            IndexView index, Map<String, String> settings, JsonSerdeGenerator generator) {
        return new SerdeDiscovery(
                index,
                new SerdeFinder(index, SerdeDiscoveryTest::isPresent, Optional.of(generator)),
                config(settings),
                rows().filter(Row::isIncoming).map(Row::channel).collect(Collectors.toSet()),
                rows().filter(row -> !row.isIncoming()).map(Row::channel).collect(Collectors.toSet()));
    }

    private static boolean isPresent(String className) {
        return SerdeDiscoveryTest.class.getClassLoader().getResource(className.replace('.', '/') + ".class") != null;
    }

    private static Config config(Map<String, String> settings) {
        return new SmallRyeConfigBuilder().withDefaultValues(settings).build();
    }

    /** The class that was found, in the words of {@link Expect}. */
    private static String read(String className) {
        if (className == null) {
            return "";
        }
        boolean isGenerated = className.contains("_Kaon")
                || className.contains("_Serializer_")
                || className.contains("_Deserializer_");
        return isGenerated ? "json" : className.replaceAll(".*[.$]", "").replaceAll("(Des|S)erializer$", "");
    }

    static Stream<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Method method : Signatures.Received.class.getDeclaredMethods()) {
            for (Incoming incoming : method.getAnnotationsByType(Incoming.class)) {
                rows.add(new Row(incoming.value(), true, expect(method)));
            }
        }
        for (Method method : Signatures.Sent.class.getDeclaredMethods()) {
            for (Outgoing outgoing : method.getAnnotationsByType(Outgoing.class)) {
                rows.add(new Row(outgoing.value(), false, expect(method)));
            }
        }
        Stream.concat(
                        Stream.of(Signatures.Injected.class.getDeclaredFields()),
                        Stream.of(Signatures.Injected.class.getDeclaredMethods())
                                .flatMap(method -> Stream.of(method.getParameters())))
                .filter(element -> element.isAnnotationPresent(Channel.class))
                .forEach(element -> rows.add(injected(element)));
        return rows.stream();
    }

    private static Row injected(AnnotatedElement element) {
        String channel = element.getAnnotation(Channel.class).value();
        return new Row(channel, channel.endsWith("-channel"), expect(element));
    }

    private static Expect expect(AnnotatedElement element) {
        return element.getAnnotation(Expect.class);
    }

    private static Index index() throws Exception {
        List<Class<?>> classes = new ArrayList<>(List.of(Signatures.class.getDeclaredClasses()));
        classes.addAll(List.of(
                StringSerializer.class,
                StringDeserializer.class,
                BooleanSerializer.class,
                BooleanDeserializer.class,
                ListDeserializer.class,
                ObjectMapperSerializer.class,
                ObjectMapperDeserializer.class,
                Incoming.class,
                Outgoing.class,
                Serializer.class,
                Deserializer.class));
        return Index.of(classes);
    }
}
