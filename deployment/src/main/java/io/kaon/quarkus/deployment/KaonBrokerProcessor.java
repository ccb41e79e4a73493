// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.BrokerSettings;
import io.kaon.quarkus.EmbeddedBroker;
import io.kaon.quarkus.KaonBrokerRecorder;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.IsDevServicesSupportedByLaunchMode;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.CuratedApplicationShutdownBuildItem;
import io.quarkus.deployment.builditem.DevServicesResultBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.builditem.LiveReloadBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import io.quarkus.deployment.builditem.ServiceStartBuildItem;
import io.quarkus.deployment.builditem.ShutdownContextBuildItem;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigUtils;
import io.quarkus.runtime.configuration.ConfigurationException;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Makes the address of the broker known early, starts the broker, and offers one to packaged applications under test.
 */
class KaonBrokerProcessor {
    static final String FEATURE = "kaon";
    private static final String BOOTSTRAP_SERVERS = "kafka.bootstrap.servers";
    private static final String ENABLED = "quarkus.kaon.broker.enabled";
    private static final String LISTENERS = "quarkus.kaon.broker.listeners";
    private static final String ADVERTISED_LISTENERS = "quarkus.kaon.broker.advertised-listeners";

    @BuildStep
    FeatureBuildItem feature() {
        return new FeatureBuildItem(FEATURE);
    }

    @BuildStep
    AdditionalBeanBuildItem beans() {
        return AdditionalBeanBuildItem.unremovableOf(EmbeddedBroker.class);
    }

    @BuildStep
    ApplicationBrokerBuildItem applicationBroker() {
        return new ApplicationBrokerBuildItem();
    }

    /** In dev and test mode: the port is chosen once, kept over reloads, and another one for continuous testing. */
    @BuildStep(onlyIf = IsDevServicesSupportedByLaunchMode.class)
    DevAddressBuildItem chooseAddress(LiveReloadBuildItem liveReload, CuratedApplicationShutdownBuildItem end) {
        HeldPort held = liveReload.getContextObject(HeldPort.class);
        if (held == null) {
            held = HeldPort.take();
            liveReload.setContextObject(HeldPort.class, held);
            end.addCloseTask(held::close, true);
        }
        Config config = ConfigProvider.getConfig();
        try {
            String address = BrokerSettings.bootstrapServers(
                    config.getOptionalValues(LISTENERS, String.class),
                    config.getOptionalValues(ADVERTISED_LISTENERS, String.class),
                    held.port());
            return new DevAddressBuildItem(held.port(), address);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    /**
     * Publishes {@code kafka.bootstrap.servers}: a default for the application, whose own setting wins. For tests it is
     * published as a dev service, because test resources and {@code @QuarkusIntegrationTest} look there. In dev mode
     * it is not, because Quarkus asks for Docker as soon as there is a dev service to describe.
     */
    @BuildStep(onlyIf = IsDevServicesSupportedByLaunchMode.class)
    void publishAddress(
            LaunchModeBuildItem launchMode,
            DevAddressBuildItem address,
            ApplicationBrokerBuildItem application,
            BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults,
            BuildProducer<DevServicesResultBuildItem> services) {
        if (isOff() || ConfigUtils.isPropertyNonEmpty(BOOTSTRAP_SERVERS)) {
            return;
        }
        if (launchMode.getLaunchMode() == LaunchMode.DEVELOPMENT) {
            defaults.produce(new RunTimeConfigurationDefaultBuildItem(BOOTSTRAP_SERVERS, address.bootstrapServers()));
            return;
        }
        services.produce(DevServicesResultBuildItem.owned()
                .feature(FEATURE)
                .description("The broker of this application")
                .serviceConfig(address.bootstrapServers())
                .config(Map.of(BOOTSTRAP_SERVERS, address.bootstrapServers()))
                .startable(() -> new BrokerService(application, address))
                .postStartHook(service -> {})
                .build());
    }

    @BuildStep
    @Record(ExecutionTime.RUNTIME_INIT)
    @Produce(BrokerStartBuildItem.class)
    @Produce(ServiceStartBuildItem.class)
    void startBroker(
            KaonBrokerRecorder recorder,
            LaunchModeBuildItem launchMode,
            Optional<DevAddressBuildItem> address,
            ApplicationBrokerBuildItem application,
            ShutdownContextBuildItem shutdown) {
        application.willStartHere();
        recorder.start(
                launchMode.getLaunchMode(),
                address.map(DevAddressBuildItem::port).orElse(0),
                shutdown);
    }

    private static boolean isOff() {
        return !ConfigProvider.getConfig()
                .getOptionalValue(ENABLED, Boolean.class)
                .orElse(true);
    }
}
