// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.broker.TopicSpec;
import io.quarkus.test.QuarkusUnitTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Over TCP to another broker. */
class KaonRemoteHealthExtensionTest extends AbstractHealthTest {
    @RegisterExtension
    static final QuarkusUnitTest application =
            Elsewhere.remote(application(), Map.of("verified", new TopicSpec(1, Map.of())));

    @Test
    void shouldNotMissABrokerThatIsNotMeantToBeHere() {
        // Then
        assertThat(broker("ready"))
                .hasValueSatisfying(
                        check -> assertThat(check.get("status").asText()).isEqualTo("UP"));
    }
}
