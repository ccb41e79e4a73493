// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.kafka.client.tls.QuarkusKafkaSslEngineFactory;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.Test;

class TlsByNameTest {
    private final Config config = new SmallRyeConfigBuilder().build();
    private final TlsByName tls = new TlsByName();

    @Test
    void shouldLetRegistryMakeEnginesOfChannelThatNamesConfiguration() {
        // When
        Map<String, Object> settings =
                tls.customize("channel", config, new HashMap<>(Map.of(TlsByName.CONFIGURATION_NAME, "house")));

        // Then
        assertThat(settings)
                .containsEntry("ssl.engine.factory.class", QuarkusKafkaSslEngineFactory.class.getName())
                .containsEntry(TlsByName.CONFIGURATION_NAME, "house");
    }

    @Test
    void shouldLeaveOtherChannelsAlone() {
        assertThat(tls.customize("channel", config, new HashMap<>(Map.of("acks", "all"))))
                .isEqualTo(Map.of("acks", "all"));
    }
}
