// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SmallRyeConfigBuilderCustomizer;

/**
 * The broker inside the application takes the place of the container that Quarkus would start for Kafka. It is a
 * default, so whoever wants the container says so; and it stands in this module, so that nothing of it is packaged.
 */
public final class KafkaContainerOff implements SmallRyeConfigBuilderCustomizer {
    private static final String SETTING = "quarkus.kafka.devservices.enabled";

    @Override
    public void configBuilder(SmallRyeConfigBuilder builder) {
        builder.withDefaultValue(SETTING, "false");
    }
}
