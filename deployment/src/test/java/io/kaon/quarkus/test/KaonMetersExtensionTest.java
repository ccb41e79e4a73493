// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusUnitTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Without a socket. */
class KaonMetersExtensionTest extends AbstractMetersTest {
    @RegisterExtension
    static final QuarkusUnitTest application = application();

    @Test
    void shouldShowTheBrokerToo() {
        // Then
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(super.application
                        .registry
                        .find("kaon.log.partitions.open")
                        .gauges())
                .singleElement()
                .satisfies(gauge -> assertThat(gauge.value()).isPositive()));
    }
}
