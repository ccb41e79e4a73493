// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import java.util.List;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The model: the connector smallrye-kafka does the same. */
class SmallRyeKafkaMessagesExtensionTest extends AbstractMessagesTest {
    @RegisterExtension
    static final QuarkusUnitTest application = application()
            .setForcedDependencies(
                    List.of(Dependency.of("io.quarkus", "quarkus-messaging-kafka", Version.getVersion())));
}
