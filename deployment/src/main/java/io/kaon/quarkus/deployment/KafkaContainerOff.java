// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * The broker inside the application takes the place of the container that Quarkus would start for Kafka channels. It
 * is a default, so whoever wants the container says so; it is set only where the setting exists, because Quarkus warns
 * of settings that it does not know; and it stands in this module, so that nothing of it is packaged.
 */
public final class KafkaContainerOff implements SmallRyeConfigBuilderCustomizer {
    private static final String SETTING = "quarkus.kafka.devservices.enabled";
    private static final String OWNER = "io.quarkus.kafka.client.deployment.KafkaBuildTimeConfig";

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        if (isKafkaClientExtensionPresent(builder.getClassLoader())) {
            builder.withDefaultValue(SETTING, "false");
        }
    }

    private static boolean isKafkaClientExtensionPresent(ClassLoader loader) {
        try {
            Class.forName(OWNER, false, loader);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }
}
