// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The strategies of the extension quarkus-messaging-kafka, over TCP to the broker in the application: ours are compared
 * with them. Topics for records that are tried again have to be there before.
 */
class SmallRyeKafkaStrategiesExtensionTest extends AbstractStrategiesTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .setForcedDependencies(
                    List.of(Dependency.of("io.quarkus", "quarkus-messaging-kafka", Version.getVersion())))
            .withApplicationRoot(jar -> jar.addClasses(StrategiesApplication.class, AbstractStrategiesTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"))
            .overrideConfigKey("quarkus.kaon.broker.topics.retry.partitions", "3")
            .overrideConfigKey("quarkus.kaon.broker.topics.retry_in_50.partitions", "3")
            .overrideConfigKey("quarkus.kaon.broker.topics.retry_in_400.partitions", "3")
            .overrideConfigKey("quarkus.kaon.broker.topics.retry-dead.partitions", "3");

    @Inject
    @Connector(KafkaConnector.CONNECTOR_NAME)
    KafkaConnector connector;

    @Override
    KafkaConnector connector() {
        return connector;
    }
}
