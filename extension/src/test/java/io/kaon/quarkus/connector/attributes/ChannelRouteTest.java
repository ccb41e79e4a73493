// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.quarkus.runtime.configuration.ConfigurationException;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ChannelRouteTest {
    private static final Map<String, Object> NOTHING = Map.of();
    private static final Map<String, Object> GLOBAL = Map.of("bootstrap.servers", "global:9092");
    private static final Config PLAIN = config(Map.of("channel-name", "c"));
    private static final Config ADDRESSED = config(Map.of("channel-name", "c", "bootstrap.servers", "there:9092"));

    private static Broker broker;

    @BeforeAll
    static void start() {
        broker = Broker.start(BrokerOptions.embedded());
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void shouldGoToAddressOfChannelBeforeAnythingElse() {
        assertThat(ChannelRoute.of(ADDRESSED, Map.of(), Optional.of(broker), GLOBAL))
                .isInstanceOf(ChannelRoute.Remote.class);
    }

    @Test
    void shouldGoToAddressOfNamedSettings() {
        Map<String, Object> named = Map.of("bootstrap.servers", "there:9092");

        assertThat(ChannelRoute.of(PLAIN, named, Optional.of(broker), GLOBAL)).isInstanceOf(ChannelRoute.Remote.class);
    }

    @Test
    void shouldGoToBrokerOfApplicationBeforeGlobalAddress() {
        assertThat(ChannelRoute.of(PLAIN, Map.of(), Optional.of(broker), GLOBAL))
                .isEqualTo(new ChannelRoute.Embedded(broker));
    }

    @Test
    void shouldGoToGlobalAddressWithoutBroker() {
        assertThat(ChannelRoute.of(PLAIN, Map.of(), Optional.empty(), GLOBAL)).isInstanceOf(ChannelRoute.Remote.class);
    }

    @Test
    void shouldFailWithoutBrokerAndAddress() {
        assertThatThrownBy(() -> ChannelRoute.of(PLAIN, Map.of(), Optional.empty(), NOTHING))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("The channel 'c'")
                .hasMessageContaining("quarkus.kaon.broker.enabled=true")
                .hasMessageContaining("kafka.bootstrap.servers");
    }

    private static Config config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(values, "test", 100))
                .build();
    }
}
