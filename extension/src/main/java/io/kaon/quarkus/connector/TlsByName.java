// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.quarkus.kafka.client.tls.QuarkusKafkaSslEngineFactory;
import io.smallrye.reactive.messaging.ClientCustomizer;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import org.apache.kafka.common.config.SslConfigs;
import org.eclipse.microprofile.config.Config;

/**
 * Lets a channel to another broker name its TLS configuration in Quarkus' registry, by the attribute {@value
 * #CONFIGURATION_NAME}. For settings that hold for all clients Quarkus does this itself.
 */
@ApplicationScoped
public class TlsByName implements ClientCustomizer<Map<String, Object>> {
    static final String CONFIGURATION_NAME = "tls-configuration-name";

    @Override
    public Map<String, Object> customize(String channel, Config channelConfig, Map<String, Object> settings) {
        if (settings.containsKey(CONFIGURATION_NAME)) {
            QuarkusKafkaSslEngineFactory.checkForOtherSslConfigs(settings);
            settings.put(SslConfigs.SSL_ENGINE_FACTORY_CLASS_CONFIG, QuarkusKafkaSslEngineFactory.class.getName());
        }
        return settings;
    }
}
