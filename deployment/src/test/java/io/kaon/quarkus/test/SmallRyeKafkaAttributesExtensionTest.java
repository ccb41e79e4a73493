// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import java.util.List;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The same on smallrye-kafka, the model: whoever changes the connector sees no difference but where it has gaps. */
class SmallRyeKafkaAttributesExtensionTest extends AbstractAttributesTest {
    /** Its detection knows no types with arguments, nor what structured events need, and comes before a bean. */
    private static final String GAPS =
            """
            mp.messaging.outgoing.baskets-out.value.serializer=io.quarkus.kafka.client.serialization.ObjectMapperSerializer
            mp.messaging.outgoing.structured-out.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.incoming.baskets-in.value.deserializer=org.apache.kafka.common.serialization.StringDeserializer
            """;

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .setForcedDependencies(
                    List.of(Dependency.of("io.quarkus", "quarkus-messaging-kafka", Version.getVersion())))
            .withApplicationRoot(jar ->
                    jar.addClasses(CLASSES).addAsResource(new StringAsset(CONFIG + GAPS), "application.properties"));

    @Override
    @Test
    void shouldReadAndWriteTypesWithArguments() {
        // It does not.
    }

    @Override
    @Test
    void shouldPreferReaderOfNamedSettings() {
        // It does not.
    }
}
