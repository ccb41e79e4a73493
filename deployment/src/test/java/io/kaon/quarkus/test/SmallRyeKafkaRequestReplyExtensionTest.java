// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.builder.Version;
import io.quarkus.maven.dependency.Dependency;
import io.quarkus.test.QuarkusUnitTest;
import java.util.List;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and replies of the extension quarkus-messaging-kafka, over TCP to the broker in the application. */
class SmallRyeKafkaRequestReplyExtensionTest extends AbstractRequestReplyTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .setForcedDependencies(
                    List.of(Dependency.of("io.quarkus", "quarkus-messaging-kafka", Version.getVersion())))
            .withApplicationRoot(jar -> jar.addClasses(RequestReplyApplication.class, AbstractRequestReplyTest.class)
                    .addAsResource(new StringAsset(CONFIG), "application.properties"));
}
