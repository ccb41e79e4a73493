// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The model: the connector smallrye-kafka. */
class SmallRyeKafkaThreadsExtensionTest extends AbstractThreadsTest {
    @RegisterExtension
    static final QuarkusUnitTest application = application("smallrye-kafka", "quarkus-messaging-kafka");
}
