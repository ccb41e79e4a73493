// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The model: the connector smallrye-kafka makes the same spans. */
class SmallRyeKafkaTracingExtensionTest extends AbstractTracingTest {
    @RegisterExtension
    static final QuarkusUnitTest application = application("quarkus-messaging-kafka");
}
