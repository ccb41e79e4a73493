// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.kaon.quarkus.health.BrokerLivenessCheck;
import io.kaon.quarkus.health.BrokerReadinessCheck;
import io.kaon.quarkus.health.BrokerStartupCheck;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.Capabilities;
import io.quarkus.deployment.Capability;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.metrics.MetricsCapabilityBuildItem;
import io.quarkus.runtime.metrics.MetricsFactory;
import io.quarkus.smallrye.health.deployment.spi.HealthBuildItem;
import java.util.List;
import java.util.Optional;

/** What an application sees of its channels and its broker: meters and health, where something shows them. */
class KaonObservabilityProcessor {
    @BuildStep
    AdditionalBeanBuildItem meters() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClass(ChannelMeters.class)
                .addBeanClass("io.kaon.quarkus.connector.metering.StreamMetering")
                .setUnremovable()
                .build();
    }

    /** Without effect in applications that have no health checks. */
    @BuildStep
    void brokerHealth(BuildProducer<HealthBuildItem> checks) {
        for (Class<?> check :
                List.of(BrokerStartupCheck.class, BrokerReadinessCheck.class, BrokerLivenessCheck.class)) {
            checks.produce(new HealthBuildItem(check.getName(), true));
        }
    }

    /** By name: the classes cannot be loaded without Micrometer. */
    @BuildStep
    void micrometer(Optional<MetricsCapabilityBuildItem> metrics, BuildProducer<AdditionalBeanBuildItem> beans) {
        if (isMicrometer(metrics)) {
            beans.produce(AdditionalBeanBuildItem.builder()
                    .addBeanClasses(
                            "io.kaon.quarkus.metrics.BrokerMeterBinder", "io.kaon.quarkus.metrics.ChannelMeterBinder")
                    .setUnremovable()
                    .build());
        }
    }

    private static boolean isMicrometer(Optional<MetricsCapabilityBuildItem> metrics) {
        return metrics.isPresent() && metrics.get().metricsSupported(MetricsFactory.MICROMETER);
    }

    /** The same without Micrometer: one of the two shows everything. */
    @BuildStep
    void openTelemetry(
            Capabilities capabilities,
            Optional<MetricsCapabilityBuildItem> metrics,
            BuildProducer<AdditionalBeanBuildItem> beans) {
        if (capabilities.isPresent(Capability.OPENTELEMETRY_METRICS) && !isMicrometer(metrics)) {
            beans.produce(AdditionalBeanBuildItem.builder()
                    .addBeanClasses(
                            "io.kaon.quarkus.metrics.BrokerInstruments", "io.kaon.quarkus.metrics.ChannelInstruments")
                    .setUnremovable()
                    .build());
        }
    }
}
