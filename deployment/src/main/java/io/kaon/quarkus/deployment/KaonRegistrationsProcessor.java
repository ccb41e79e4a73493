// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.connector.TlsByName;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.Feature;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.logging.LogCleanupFilterBuildItem;
import io.smallrye.reactive.messaging.kafka.commit.ProcessingState;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** What the library under the connector needs of the build, and its own extension would ask for. */
class KaonRegistrationsProcessor {
    private static final String STATE_TYPE = "checkpoint.state-type";
    private static final String CHANNELS = "mp.messaging.";

    /** Serializers and assignors are registered by Quarkus' extension for Kafka's clients. */
    @BuildStep
    void reflection(BuildProducer<ReflectiveClassBuildItem> classes) {
        Set<String> states = stateTypes(ConfigProvider.getConfig());
        states.add(ProcessingState.class.getName());
        classes.produce(ReflectiveClassBuildItem.builder(states.toArray(String[]::new))
                .methods()
                .fields()
                .build());
    }

    @BuildStep
    void tls(List<FeatureBuildItem> features, BuildProducer<AdditionalBeanBuildItem> beans) {
        if (features.stream().noneMatch(feature -> feature.getName().equals(Feature.MESSAGING_KAFKA.getName()))) {
            beans.produce(AdditionalBeanBuildItem.unremovableOf(TlsByName.class));
        }
    }

    /** A reload makes clients whose names are still taken in the management interface. */
    @BuildStep
    void quietReloads(LaunchModeBuildItem launchMode, BuildProducer<LogCleanupFilterBuildItem> filters) {
        if (launchMode.getLaunchMode().isDevOrTest()) {
            filters.produce(new LogCleanupFilterBuildItem(
                    "org.apache.kafka.common.utils.AppInfoParser", "Error registering AppInfo mbean"));
        }
    }

    private static Set<String> stateTypes(Config config) {
        Set<String> types = new TreeSet<>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(CHANNELS) && name.endsWith("." + STATE_TYPE))
                .forEach(name -> config.getOptionalValue(name, String.class).ifPresent(types::add));
        return types;
    }
}
