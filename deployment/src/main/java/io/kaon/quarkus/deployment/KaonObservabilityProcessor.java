// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.connector.ChannelMeters;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.metrics.MetricsCapabilityBuildItem;
import io.quarkus.runtime.metrics.MetricsFactory;
import java.util.Optional;

/** What an application sees of its channels: meters, where there is something to show them. */
class KaonObservabilityProcessor {
    @BuildStep
    AdditionalBeanBuildItem meters() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClass(ChannelMeters.class)
                .addBeanClass("io.kaon.quarkus.connector.StreamMetering")
                .setUnremovable()
                .build();
    }

    /** By name: the class cannot be loaded without Micrometer. */
    @BuildStep
    void micrometer(Optional<MetricsCapabilityBuildItem> metrics, BuildProducer<AdditionalBeanBuildItem> beans) {
        if (metrics.isPresent() && metrics.get().metricsSupported(MetricsFactory.MICROMETER)) {
            beans.produce(AdditionalBeanBuildItem.unremovableOf("io.kaon.quarkus.metrics.ChannelMeterBinder"));
        }
    }
}
