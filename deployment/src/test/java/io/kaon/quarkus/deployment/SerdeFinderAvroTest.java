// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.gizmo.ClassCreator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.Indexer;
import org.jboss.jandex.Type;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Avro's classes and the clients of its registries, as an index sees them: none of them is on the class path. */
class SerdeFinderAvroTest {
    private static final String APICURIO = "io.apicurio.registry.serde.avro.AvroKafka";
    private static final String CONFLUENT = "io.confluent.kafka.serializers.KafkaAvro";
    private static final Type SPECIFIC = type("org.acme.Movie");
    private static final Type GENERIC = type("org.apache.avro.generic.GenericRecord");

    private static IndexView index;

    @BeforeAll
    static void index() throws IOException {
        Map<String, byte[]> classes = new HashMap<>();
        try (ClassCreator movie = ClassCreator.builder()
                .classOutput(classes::put)
                .className("org.acme.Movie")
                .build()) {
            movie.addAnnotation("org.apache.avro.specific.AvroGenerated");
        }
        Indexer indexer = new Indexer();
        for (byte[] bytes : classes.values()) {
            indexer.index(new ByteArrayInputStream(bytes));
        }
        index = indexer.complete();
    }

    @Test
    void shouldTakeOnlyRegistryClientThereIs() {
        for (String client : List.of(APICURIO, CONFLUENT)) {
            // Given
            SerdeFinder finder = finder(Set.of(client + "Serializer", client + "Deserializer"));

            // When, Then
            assertThat(finder.serializer(SPECIFIC)).map(FoundSerde::className).contains(client + "Serializer");
            assertThat(finder.serializer(GENERIC)).map(FoundSerde::className).contains(client + "Serializer");
            assertThat(finder.deserializer(GENERIC)).contains(FoundSerde.of(client + "Deserializer"));
        }
    }

    @Test
    void shouldAskForGeneratedClassWhereItIsRead() {
        assertThat(finder(Set.of(APICURIO + "Deserializer")).deserializer(SPECIFIC))
                .map(FoundSerde::attributes)
                .contains(Map.of("apicurio.registry.use-specific-avro-reader", "true"));
        assertThat(finder(Set.of(CONFLUENT + "Deserializer")).deserializer(SPECIFIC))
                .map(FoundSerde::attributes)
                .contains(Map.of("specific.avro.reader", "true"));
    }

    @Test
    void shouldNeitherGuessBetweenTwoNorWriteJson() {
        // Given
        SerdeFinder none = finder(Set.of());
        SerdeFinder both = finder(Set.of(APICURIO + "Deserializer", CONFLUENT + "Deserializer"));

        // When, Then
        for (SerdeFinder finder : List.of(none, both)) {
            assertThat(finder.serializer(SPECIFIC)).isEmpty();
            assertThat(finder.deserializer(GENERIC)).isEmpty();
        }
    }

    private static SerdeFinder finder(Set<String> present) {
        return new SerdeFinder(index, present::contains, Optional.of(new JsonSerdeGenerator()));
    }

    private static Type type(String name) {
        return Type.create(DotName.createSimple(name), Type.Kind.CLASS);
    }
}
