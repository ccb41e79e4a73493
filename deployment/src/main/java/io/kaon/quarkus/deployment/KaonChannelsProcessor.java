// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static io.quarkus.smallrye.reactivemessaging.runtime.ReactiveMessagingConfiguration.getChannelPropertyName;

import io.kaon.quarkus.connector.ChannelMeters;
import io.kaon.quarkus.connector.KaonChannelsRecorder;
import io.kaon.quarkus.connector.KaonClientService;
import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.deployment.Feature;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.Consume;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.CombinedIndexBuildItem;
import io.quarkus.deployment.builditem.FeatureBuildItem;
import io.quarkus.deployment.builditem.LaunchModeBuildItem;
import io.quarkus.deployment.builditem.RunTimeConfigurationDefaultBuildItem;
import io.quarkus.deployment.builditem.ServiceStartBuildItem;
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
import org.jboss.logging.Logger;

/** Gives channels their connector and the connector's channels their defaults. */
class KaonChannelsProcessor {
    private static final Logger LOG = Logger.getLogger(KaonChannelsProcessor.class);
    /** While developing and testing; the connector's own default is 1000. */
    private static final String POLL_TIMEOUT_MS = "50";

    @BuildStep
    AdditionalBeanBuildItem connector() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClasses(KaonConnector.class, KaonClientService.class, ChannelMeters.class)
                .addBeanClasses("io.kaon.quarkus.connector.EmbeddedClients", "io.kaon.quarkus.connector.ProducersEnd")
                .addBeanClasses(
                        "io.kaon.quarkus.connector.EmbeddedSources", "io.kaon.quarkus.connector.EmbeddedHandlers")
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
                        defaults.produce(new RunTimeConfigurationDefaultBuildItem(
                                getChannelPropertyName(
                                        orphan.getName(), "connector", isIncoming(orphan.getDirection())),
                                name));
                        managed.produce(
                                new ConnectorManagedChannelBuildItem(orphan.getName(), orphan.getDirection(), name));
                    });
        }
    }

    /**
     * What {@code smallrye-kafka} gets from its own extension: serializers by type, and no grace period while
     * developing.
     */
    @BuildStep
    void channelDefaults(
            LaunchModeBuildItem launchMode,
            CombinedIndexBuildItem index,
            List<ConnectorManagedChannelBuildItem> channels,
            List<FeatureBuildItem> features,
            BuildProducer<RunTimeConfigurationDefaultBuildItem> defaults) {
        if (isKafkaExtensionPresent(features)) {
            // Its own step looks at every channel that has a connector, whatever its name: ours would only repeat it.
            return;
        }
        Set<String> incoming = channelsOf(channels, ChannelDirection.INCOMING);
        Set<String> outgoing = channelsOf(channels, ChannelDirection.OUTGOING);
        Map<String, String> found = new SerdeDiscovery(index.getIndex(), incoming, outgoing).defaults();
        if (launchMode.getLaunchMode().isDevOrTest()) {
            // The last commit of a channel waits for the poll before it, so a long poll makes reloads slow.
            incoming.forEach(name -> {
                found.put(getChannelPropertyName(name, "graceful-shutdown", true), "false");
                found.put(getChannelPropertyName(name, "poll-timeout", true), POLL_TIMEOUT_MS);
            });
        }
        found.forEach((key, value) -> defaults.produce(new RunTimeConfigurationDefaultBuildItem(key, value)));
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
