// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.kaon.quarkus.map.ChannelDescription.Direction;
import io.kaon.quarkus.map.ChannelDescription.Key;
import io.kaon.quarkus.map.ChannelDescription.Strategies;
import io.kaon.quarkus.map.ChannelDescription.Topics;
import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorIncomingConfiguration;
import io.smallrye.reactive.messaging.kafka.KafkaConnectorOutgoingConfiguration;
import io.smallrye.reactive.messaging.providers.impl.Configs;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;

/** All channels of the application: what the build has found, with what the connector has told of those that are open. */
@Singleton
class Plan {
    private final ApplicationPlan plan;
    private final OpenChannels opened;
    private final Config config;

    @Inject
    Plan(ApplicationPlan plan, OpenChannels opened, Config config) {
        this.plan = plan;
        this.opened = opened;
        this.config = config;
    }

    List<ApplicationStep> steps() {
        return plan.steps();
    }

    /** Incoming ones by name, then those in between, then outgoing ones. */
    List<ChannelDescription> channels() {
        List<ChannelDescription> all = new ArrayList<>();
        new TreeMap<>(plan.incoming())
                .forEach((name, connector) -> all.add(described(new Key(Direction.INCOMING, name), connector)));
        internal().forEach(name -> all.add(internal(name)));
        new TreeMap<>(plan.outgoing())
                .forEach((name, connector) -> all.add(described(new Key(Direction.OUTGOING, name), connector)));
        return all;
    }

    private Set<String> internal() {
        Set<String> names = new LinkedHashSet<>();
        plan.steps().forEach(step -> {
            step.incoming().stream()
                    .filter(name -> !plan.incoming().containsKey(name))
                    .forEach(names::add);
            step.outgoing().stream()
                    .filter(name -> !plan.outgoing().containsKey(name))
                    .forEach(names::add);
        });
        return names;
    }

    private static ChannelDescription internal(String name) {
        return new ChannelDescription(
                new Key(Direction.INTERNAL, name), Optional.empty(), false, Topics.NONE, Strategies.NONE);
    }

    private ChannelDescription described(Key key, String connector) {
        return opened.find(key)
                .map(OpenChannels.Opened::description)
                .orElseGet(() -> KafkaConnector.CONNECTOR_NAME.equals(connector)
                        ? kafka(key)
                        : new ChannelDescription(key, Optional.of(connector), false, Topics.NONE, Strategies.NONE));
    }

    /** One of {@code smallrye-kafka}, as far as its settings tell. */
    private ChannelDescription kafka(Key key) {
        String name = key.channel();
        if (key.direction() == Direction.OUTGOING) {
            Config channel = Configs.outgoing(config, KafkaConnector.CONNECTOR_NAME, name);
            String topic =
                    new KafkaConnectorOutgoingConfiguration(channel).getTopic().orElse(name);
            return new ChannelDescription(
                    key,
                    Optional.of(KafkaConnector.CONNECTOR_NAME),
                    false,
                    new Topics(List.of(topic), Optional.empty()),
                    Strategies.NONE);
        }
        Config channel = Configs.incoming(config, KafkaConnector.CONNECTOR_NAME, name);
        KafkaConnectorIncomingConfiguration settings = new KafkaConnectorIncomingConfiguration(channel);
        return new ChannelDescription(
                key,
                Optional.of(KafkaConnector.CONNECTOR_NAME),
                false,
                OpenChannels.topics(settings),
                OpenChannels.strategies(settings, List.of()));
    }
}
