// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import java.util.List;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An application of the extension quarkus-messaging-kafka to which Kaon was added: it stays as it is. */
class SmallRyeKafkaChannelsExtensionTest extends AbstractChannelsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .setForcedDependencies(
                    List.of(Dependency.of("io.quarkus", "quarkus-messaging-kafka", Version.getVersion())))
            .withApplicationRoot(jar -> jar.addClasses(ChannelsApplication.class, AbstractChannelsTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"));

    @Test
    void shouldLeaveOrphanChannelsToSmallRyeKafka() {
        assertThat(ConfigProvider.getConfig().getValue("mp.messaging.incoming.words-in.connector", String.class))
                .isEqualTo("smallrye-kafka");
        assertThat(ConfigProvider.getConfig().getValue("mp.messaging.outgoing.words-out.connector", String.class))
                .isEqualTo("smallrye-kafka");
    }
}
