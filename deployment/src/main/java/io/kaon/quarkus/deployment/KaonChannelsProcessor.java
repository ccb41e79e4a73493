// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static io.quarkus.smallrye.reactivemessaging.runtime.ReactiveMessagingConfiguration.getChannelPropertyName;

import io.kaon.quarkus.connector.KaonChannelsRecorder;
import io.kaon.quarkus.connector.KaonClientService;
import io.kaon.quarkus.connector.KaonConnector;
import io.kaon.quarkus.connector.reply.KaonRequestReplyFactory;
import io.kaon.quarkus.pause.ChannelPauses;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.bootstrap.classloading.QuarkusClassLoader;
import io.quarkus.deployment.Feature;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.Consume;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.GeneratedClassBuildItem;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import io.quarkus.deployment.builditem.ServiceStartBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveClassBuildItem;
import io.quarkus.deployment.builditem.nativeimage.ReflectiveHierarchyBuildItem;
import io.quarkus.smallrye.reactivemessaging.deployment.ReactiveMessagingBuildTimeConfig;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ChannelDirection;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ConnectorBuildItem;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ConnectorManagedChannelBuildItem;
import io.quarkus.smallrye.reactivemessaging.deployment.items.OrphanChannelBuildItem;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jboss.logging.Logger;

/** Gives channels their connector and the connector's channels their defaults. */
class KaonChannelsProcessor {
    private static final Logger LOG = Logger.getLogger(KaonChannelsProcessor.class);
    /** While developing and testing; the connector's own default is 1000. */
    private static final String POLL_TIMEOUT_MS = "50";

    @BuildStep
    AdditionalBeanBuildItem connector() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClasses(KaonConnector.class, KaonClientService.class)
                .addBeanClasses(KaonRequestReplyFactory.class, ChannelPauses.class)
                .addBeanClasses(
                        "io.kaon.quarkus.connector.reply.RequestReplyChannels",
                        "io.kaon.quarkus.connector.attributes.ChannelSettings")
                .addBeanClasses(
                        "io.kaon.quarkus.connector.incoming.EmbeddedClients",
                        "io.kaon.quarkus.connector.outgoing.ProducersEnd")
                .addBeanClasses(
                        "io.kaon.quarkus.connector.incoming.EmbeddedSources",
                        "io.kaon.quarkus.connector.incoming.EmbeddedHandlers")
                .addBeanClasses(
                        "io.kaon.quarkus.connector.outgoing.EmbeddedSinks",
                        "io.kaon.quarkus.connector.outgoing.EmbeddedProducers")
                .setUnremovable()
                .build();
    }

    /**
     * Quarkus attaches channels without a {@code connector} only when there is a single connector, and Kaon brings
     * two: its own, and {@code smallrye-kafka} in the library that it uses. See {@code
     * docs/decisions/0003-orphan-channels.md}.
     */
    @BuildStep
    void attachOrphanChannels(
            ReactiveMessagingBuildTimeConfig messaging,
            List<OrphanChannelBuildItem> orphans,
            List<ConnectorBuildItem> connectors,
            List<FeatureBuildItem> features,
            BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults,
            BuildProducer<ConnectorManagedChannelBuildItem> managed) {
        if (!messaging.autoConnectorAttachment()) {
            return;
        }
        for (OrphanChannelBuildItem orphan : orphans) {
            connectorFor(orphan.getDirection(), connectors, isKafkaExtensionPresent(features))
                    .ifPresent(name -> {
                        LOG.infof("The channel '%s' gets the connector '%s'", orphan.getName(), name);
                        defaults.produce(
                                setting(orphan.getName(), "connector", isIncoming(orphan.getDirection()), name));
                        managed.produce(
                                new ConnectorManagedChannelBuildItem(orphan.getName(), orphan.getDirection(), name));
                    });
        }
    }

    /** What {@code smallrye-kafka} gets from its own extension: serializers by type, by which methods take batches. */
    @BuildStep
    void serializers(
            KaonBuildTimeConfig settings,
            CombinedIndexBuildItem index,
            List<ConnectorManagedChannelBuildItem> channels,
            List<FeatureBuildItem> features,
            BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults,
            BuildProducer<GeneratedClassBuildItem> generated,
            BuildProducer<ReflectiveClassBuildItem> serializers,
            BuildProducer<ReflectiveHierarchyBuildItem> payloads) {
        Config config = ConfigProvider.getConfig();
        boolean isOn = isOn(settings.serializerAutodetection(), "serializer-autodetection.enabled", true, config);
        if (isKafkaExtensionPresent(features) || !isOn) {
            // The step of that extension looks at every channel that has a connector, whatever its name.
            return;
        }
        Optional<JsonSerdeGenerator> generator =
                isOn(settings.serializerGeneration(), "serializer-generation.enabled", true, config)
                        ? Optional.of(new JsonSerdeGenerator())
                        : Optional.empty();
        SerdeFinder finder = new SerdeFinder(index.getIndex(), QuarkusClassLoader::isClassPresentAtRuntime, generator);
        SerdeDiscovery discovery = new SerdeDiscovery(
                index.getIndex(),
                finder,
                config,
                channelsOf(channels, ChannelDirection.INCOMING),
                channelsOf(channels, ChannelDirection.OUTGOING));
        discovery
                .defaults()
                .forEach((key, value) -> defaults.produce(new RunTimeConfigurationDefaultBuildItem(key, value)));
        discovery
                .jsonTypes()
                .forEach(type -> payloads.produce(ReflectiveHierarchyBuildItem.builder(type)
                        .index(index.getIndex())
                        .source(KaonChannelsProcessor.class.getSimpleName())
                        .build()));
        generator.ifPresent(there -> there.classes().forEach((name, bytes) -> {
            generated.produce(new GeneratedClassBuildItem(true, name, bytes));
            serializers.produce(ReflectiveClassBuildItem.builder(name).methods().build());
        }));
    }

    /** While developing and testing nobody waits for what is on its way: reloads are fast. */
    @BuildStep
    void shortEnds(
            KaonBuildTimeConfig settings,
            LaunchModeBuildItem launchMode,
            List<ConnectorManagedChannelBuildItem> channels,
            List<FeatureBuildItem> features,
            BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults) {
        boolean isGraceful = isOn(
                settings.gracefulShutdownInDevAndTestMode(),
                "enable-graceful-shutdown-in-dev-and-test-mode",
                false,
                ConfigProvider.getConfig());
        if (!launchMode.getLaunchMode().isDevOrTest() || isGraceful || isKafkaExtensionPresent(features)) {
            return;
        }
        for (String name : channelsOf(channels, ChannelDirection.INCOMING)) {
            defaults.produce(setting(name, "graceful-shutdown", true, "false"));
            // The last commit of a channel waits for the poll before it, so a long poll makes reloads slow.
            defaults.produce(setting(name, "poll-timeout", true, POLL_TIMEOUT_MS));
        }
        for (String name : channelsOf(channels, ChannelDirection.OUTGOING)) {
            defaults.produce(setting(name, "close-timeout", false, "0"));
            defaults.produce(setting(name, "reply.graceful-shutdown", false, "false"));
            defaults.produce(setting(name, "reply.poll-timeout", false, POLL_TIMEOUT_MS));
        }
    }

    /**
     * Before channels start, so that what is wrong is said in one sentence and not among the stack traces of a channel.
     */
    @BuildStep
    @Record(ExecutionTime.RUNTIME_INIT)
    @Consume(BrokerStartBuildItem.class)
    @Produce(ServiceStartBuildItem.class)
    void checkAddresses(KaonChannelsRecorder recorder, List<ConnectorManagedChannelBuildItem> channels) {
        Map<String, String> prefixes = new HashMap<>();
        channels.stream()
                .filter(channel -> KaonConnector.CONNECTOR_NAME.equals(channel.getConnector()))
                .forEach(channel -> prefixes.put(
                        getChannelPropertyName(channel.getName(), "", channel.isIncoming()), channel.getName()));
        recorder.checkAddresses(prefixes);
    }

    /** Our setting, else that of Quarkus' extension for Kafka, which a changed application may still have. */
    private static boolean isOn(Optional<Boolean> ours, String theirs, boolean otherwise, Config config) {
        return ours.or(() -> config.getOptionalValue("quarkus.messaging.kafka." + theirs, Boolean.class))
                .orElse(otherwise);
    }

    private static RunTimeConfigurationDefaultBuildItem setting(
            String channel, String attribute, boolean isIncoming, String value) {
        return new RunTimeConfigurationDefaultBuildItem(getChannelPropertyName(channel, attribute, isIncoming), value);
    }

    private static Optional<String> connectorFor(
            ChannelDirection direction, List<ConnectorBuildItem> connectors, boolean kafkaExtensionPresent) {
        Set<String> names = connectors.stream()
                .filter(connector -> connector.getDirection() == direction)
                .map(ConnectorBuildItem::getName)
                .collect(Collectors.toCollection(TreeSet::new));
        if (names.size() < 2) {
            return Optional.empty(); // Quarkus has done it, or there is nothing to attach to.
        }
        names.remove(KaonConnector.CONNECTOR_NAME);
        if (!kafkaExtensionPresent) {
            names.remove(KafkaConnector.CONNECTOR_NAME);
        }
        if (names.isEmpty()) {
            return Optional.of(KaonConnector.CONNECTOR_NAME);
        }
        return names.size() == 1 ? Optional.of(names.iterator().next()) : Optional.empty();
    }

    private static boolean isKafkaExtensionPresent(List<FeatureBuildItem> features) {
        return features.stream().anyMatch(feature -> feature.getName().equals(Feature.MESSAGING_KAFKA.getName()));
    }

    private static Set<String> channelsOf(List<ConnectorManagedChannelBuildItem> channels, ChannelDirection direction) {
        return channels.stream()
                .filter(channel -> channel.getDirection() == direction)
                .filter(channel -> KaonConnector.CONNECTOR_NAME.equals(channel.getConnector()))
                .map(ConnectorManagedChannelBuildItem::getName)
                .collect(Collectors.toSet());
    }

    private static boolean isIncoming(ChannelDirection direction) {
        return direction == ChannelDirection.INCOMING;
    }
}
