// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.quarkus.BrokerSettings;
import io.kaon.quarkus.KaonBrokerConfig;
import io.kaon.quarkus.TopicSeeds;
import io.quarkus.deployment.builditem.Startable;
import io.quarkus.runtime.LaunchMode;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * The broker for an application that runs in another process: {@code @QuarkusIntegrationTest} and {@code quarkus:run}.
 * When the application runs in this process it has its own broker at this address, and there is nothing to start.
 */
final class BrokerService implements Startable {
    private final ApplicationBrokerBuildItem application;
    private final DevAddressBuildItem address;
    private final AtomicReference<Broker> broker = new AtomicReference<>();

    BrokerService(ApplicationBrokerBuildItem application, DevAddressBuildItem address) {
        this.application = application;
        this.address = address;
    }

    @Override
    public void start() {
        if (!application.startsHere()) {
            KaonBrokerConfig settings = settings();
            TopicSeeds seeds = TopicSeeds.of(settings, Thread.currentThread().getContextClassLoader());
            broker.set(Broker.start(options(settings)));
            seeds.seed(broker.get());
        }
    }

    @Override
    public String getConnectionInfo() {
        return address.bootstrapServers();
    }

    @Override
    public String getContainerId() {
        return null;
    }

    @Override
    public void close() {
        Optional.ofNullable(broker.getAndSet(null)).ifPresent(Broker::close);
    }

    private BrokerOptions options(KaonBrokerConfig settings) {
        BrokerOptions options = BrokerSettings.toOptions(settings, LaunchMode.TEST, address.port());
        return address.containers()
                .map(containers -> BrokerSettings.withListener(options, containers.listener(), containers.advertised()))
                .orElse(options);
    }

    /** The settings of the application: a run-time mapping, which nobody has registered while it is built. */
    private static KaonBrokerConfig settings() {
        Config config = ConfigProvider.getConfig();
        SmallRyeConfigBuilder builder = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withMapping(KaonBrokerConfig.class)
                .withValidateUnknown(false);
        config.getConfigSources().forEach(builder::withSources);
        SmallRyeConfig settings = builder.build();
        return settings.getConfigMapping(KaonBrokerConfig.class);
    }
}
