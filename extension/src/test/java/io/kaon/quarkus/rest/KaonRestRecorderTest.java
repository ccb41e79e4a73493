// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KaonRestRecorderTest {
    private static KaonRestConfig config(Map<String, String> settings) {
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .withMapping(KaonRestConfig.class)
                .withConverter(
                        io.quarkus.runtime.configuration.MemorySize.class,
                        100,
                        new io.quarkus.runtime.configuration.MemorySizeConverter());
        settings.forEach(builder::withDefaultValue);
        SmallRyeConfig config = builder.build();
        return config.getConfigMapping(KaonRestConfig.class);
    }

    @Test
    void shouldLetEverybodyInWhereDevelopersWork() {
        assertThat(KaonRestRecorder.roles(config(Map.of()), LaunchMode.DEVELOPMENT, false))
                .isEmpty();
        assertThat(KaonRestRecorder.roles(config(Map.of()), LaunchMode.TEST, true))
                .isEmpty();
    }

    @Test
    void shouldAskForARoleInAPackagedApplication() {
        assertThat(KaonRestRecorder.roles(config(Map.of()), LaunchMode.NORMAL, true))
                .containsExactly("kaon-admin");
        assertThat(KaonRestRecorder.roles(config(Map.of("quarkus.kaon.rest.roles", ",")), LaunchMode.NORMAL, true))
                .containsExactly("kaon-admin");
    }

    @Test
    void shouldSayWhatToAddWhereNobodyKnowsUsers() {
        assertThatThrownBy(() -> KaonRestRecorder.roles(config(Map.of()), LaunchMode.NORMAL, false))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContainingAll(
                        "quarkus.kaon.rest.enabled", "kaon-admin", "quarkus-elytron-security-properties-file");
    }

    @Test
    void shouldHoldToARoleThatIsAskedForWhereDevelopersWork() {
        // Given
        KaonRestConfig config = config(Map.of("quarkus.kaon.rest.roles", "boss"));

        // Then
        assertThat(KaonRestRecorder.roles(config, LaunchMode.DEVELOPMENT, true)).containsExactly("boss");
        assertThatThrownBy(() -> KaonRestRecorder.roles(config, LaunchMode.DEVELOPMENT, false))
                .isInstanceOf(ConfigurationException.class);
    }
}
