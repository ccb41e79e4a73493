// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

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
import io.quarkus.deployment.dev.devservices.DevServicesConfig;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.configuration.ConfigUtils;
import java.util.HashMap;
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
    /** Off unless the user says so: see {@link KafkaContainerOff}. */
    private static final String CONTAINER = "quarkus.kafka.devservices.enabled";

    private static final String CONTAINER_BOOTSTRAP_SERVERS = "kaon.container.bootstrap.servers";

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
    void chooseAddress(
            KaonDevServicesConfig services,
            LaunchModeBuildItem launchMode,
            LiveReloadBuildItem liveReload,
            CuratedApplicationShutdownBuildItem end,
            BuildProducer<DevAddressBuildItem> addresses) {
        if (isOff(services)) {
            return;
        }
        DevSession session = liveReload.getContextObject(DevSession.class);
        if (session == null) {
            session = new DevSession();
            liveReload.setContextObject(DevSession.class, session);
            end.addCloseTask(session::close, true);
        }
        addresses.produce(session.address(
                services, ConfigProvider.getConfig(), launchMode.getLaunchMode() == LaunchMode.DEVELOPMENT));
    }

    /**
     * Publishes {@code kafka.bootstrap.servers}: a default for the application, whose own setting wins. For tests it is
     * published as a dev service, because test resources and {@code @QuarkusIntegrationTest} look there. In dev mode
     * it is not, because Quarkus asks for Docker as soon as there is a dev service to describe.
     */
    @BuildStep(onlyIf = IsDevServicesSupportedByLaunchMode.class)
    void publishAddress(
            DevServicesConfig all,
            LaunchModeBuildItem launchMode,
            Optional<DevAddressBuildItem> found,
            ApplicationBrokerBuildItem application,
            CuratedApplicationShutdownBuildItem end,
            BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults,
            BuildProducer<DevServicesResultBuildItem> services) {
        if (found.isEmpty()) {
            return;
        }
        DevAddressBuildItem address = found.get();
        Map<String, String> settings = new HashMap<>();
        if (!ConfigUtils.isPropertyNonEmpty(BOOTSTRAP_SERVERS)) {
            settings.put(BOOTSTRAP_SERVERS, address.bootstrapServers());
        }
        address.containers()
                .ifPresent(containers -> settings.put(
                        CONTAINER_BOOTSTRAP_SERVERS, containers.advertised().address()));
        if (launchMode.getLaunchMode() == LaunchMode.DEVELOPMENT || !all.enabled()) {
            settings.forEach((key, value) -> defaults.produce(new RunTimeConfigurationDefaultBuildItem(key, value)));
        } else if (!settings.isEmpty() && launchMode.getLaunchMode() == LaunchMode.RUN) {
            // quarkus:run hands on what is said of a service, but starts none that waits to be started (Quarkus 3.34).
            BrokerService service = new BrokerService(application, address);
            service.start();
            end.addCloseTask(service::close, true);
            services.produce(DevServicesResultBuildItem.discovered()
                    .feature(FEATURE)
                    .description("A broker for the application")
                    .config(settings)
                    .build());
        } else if (!settings.isEmpty()) {
            services.produce(DevServicesResultBuildItem.owned()
                    .feature(FEATURE)
                    .description("The broker of this application")
                    .serviceConfig(Map.copyOf(settings))
                    .config(settings)
                    .startable(() -> new BrokerService(application, address))
                    .postStartHook(service -> {})
                    .build());
        }
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
        if (address.isPresent() && address.get().isOfAnother()) {
            recorder.join(address.get().bootstrapServers());
            return;
        }
        Optional<DevAddressBuildItem.Containers> containers = address.flatMap(DevAddressBuildItem::containers);
        recorder.start(
                launchMode.getLaunchMode(),
                address.isPresent(),
                address.map(DevAddressBuildItem::port).orElse(0),
                containers.map(both -> both.listener().toString()).orElse(""),
                containers.map(both -> both.advertised().toString()).orElse(""),
                shutdown);
    }

    /** An explicit setting of the broker first, then ours, then the wish for a container. */
    private static boolean isOff(KaonDevServicesConfig services) {
        Config config = ConfigProvider.getConfig();
        return !config.getOptionalValue(ENABLED, Boolean.class)
                .or(services::enabled)
                .orElseGet(
                        () -> !config.getOptionalValue(CONTAINER, Boolean.class).orElse(false));
    }
}
