// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import io.kaon.quarkus.EmbeddedBroker;
import io.smallrye.reactive.messaging.kafka.impl.ConfigHelper;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/** What a channel of our connector is set to when all who may set it have had their say. Any thread. */
@Singleton
public class ChannelSettings {
    private final EmbeddedBroker embedded;
    private final Instance<Map<String, Object>> namedSettings;
    private final Config global;

    @Inject
    ChannelSettings(EmbeddedBroker embedded, @Any Instance<Map<String, Object>> namedSettings, Config global) {
        this.embedded = embedded;
        this.namedSettings = namedSettings;
        this.global = global;
    }

    /**
     * Which broker the channel talks to.
     *
     * @throws io.quarkus.runtime.configuration.ConfigurationException when there is none; the message says what to set
     */
    public ChannelRoute routeOf(Config channel) {
        return ChannelRoute.of(
                channel, ofItsBean(channel), embedded.broker(), ConfigHelper.retrieveDefaultKafkaConfig(namedSettings));
    }

    /** What was found while the application was built gives way to what anybody has set. */
    public Config inOrder(Config channel) {
        return FoundSettings.yielding(channel, ofItsBean(channel), global);
    }

    /** The channel with all its defaults: the connector's, a bean's, and those that begin with {@code kafka.}. */
    public Config merged(Config channel) {
        return ConfigHelper.retrieveChannelConfiguration(namedSettings, channel);
    }

    private Map<String, Object> ofItsBean(Config channel) {
        return ConfigHelper.getChannelSpecificConfig(namedSettings, channel);
    }
}
