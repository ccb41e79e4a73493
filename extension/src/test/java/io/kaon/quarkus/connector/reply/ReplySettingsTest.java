// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who reads the replies. */
class ReplySettingsTest {
    private static final String CHANNEL = "mp.messaging.outgoing.ask.";

    @Test
    void shouldGiveEachChannelGroupOfItsOwn() {
        assertThat(group(Map.of(), Map.of(), Optional.of("shop"))).startsWith("shop-ask-replies-");
        assertThat(group(Map.of(), Map.of(), Optional.empty())).startsWith("ask-replies-");
        assertThat(group(Map.of(), Map.of(), Optional.empty()))
                .isNotEqualTo(group(Map.of(), Map.of(), Optional.empty()));
    }

    @Test
    void shouldTakeGroupThatSomebodyHasNamed() {
        assertThat(group(Map.of(CHANNEL + "reply.group.id", "one"), Map.of(), Optional.of("shop")))
                .isEqualTo("one");
        assertThat(group(Map.of(CHANNEL + "group.id", "two"), Map.of(), Optional.of("shop")))
                .isEqualTo("two");
        assertThat(group(Map.of(), Map.of("group.id", "three"), Optional.of("shop")))
                .isEqualTo("three");
    }

    @Test
    void shouldNotTakeGroupOfAllChannelsForItsOwn() {
        assertThat(group(Map.of("mp.messaging.connector.kaon.group.id", "all"), Map.of(), Optional.of("all")))
                .startsWith("all-ask-replies-");
    }

    private static String group(Map<String, String> set, Map<String, Object> named, Optional<String> shared) {
        Map<String, String> values = new HashMap<>(set);
        values.put(CHANNEL + "connector", "kaon");
        SmallRyeConfig config =
                new SmallRyeConfigBuilder().withDefaultValues(values).build();
        return ReplySettings.group(config, Configs.outgoing(config, "kaon", "ask"), named, shared);
    }
}
