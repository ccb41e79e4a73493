// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.util.Optional;

/** What the build does for the channels of the connector. */
@ConfigMapping(prefix = "quarkus.kaon")
@ConfigRoot(phase = ConfigPhase.BUILD_TIME)
public interface KaonBuildTimeConfig {
    /**
     * Whether serializers and deserializers of channels are found from the types in the application's methods. Without
     * a value, {@code quarkus.messaging.kafka.serializer-autodetection.enabled} holds, which is the same setting of
     * another extension; and without that they are.
     */
    @WithName("serializer-autodetection.enabled")
    Optional<Boolean> serializerAutodetection();

    /**
     * Whether a class for which no serializer or deserializer is found gets one for JSON, with Jackson. Without a
     * value, {@code quarkus.messaging.kafka.serializer-generation.enabled} holds; and without that it does.
     */
    @WithName("serializer-generation.enabled")
    Optional<Boolean> serializerGeneration();

    /**
     * Whether a channel in dev and test mode ends as in production: it waits for the records that are on their way.
     * Without a value, {@code quarkus.messaging.kafka.enable-graceful-shutdown-in-dev-and-test-mode} holds; and without
     * that it does not, so that reloads are fast.
     */
    @WithName("graceful-shutdown-in-dev-and-test-mode")
    Optional<Boolean> gracefulShutdownInDevAndTestMode();
}
