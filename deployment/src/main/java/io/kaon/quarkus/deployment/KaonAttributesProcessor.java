// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static io.quarkus.smallrye.reactivemessaging.runtime.ReactiveMessagingConfiguration.getChannelPropertyName;

import io.kaon.quarkus.connector.ConnectorAttributes;
import io.kaon.quarkus.connector.KaonChannelsRecorder;
import io.kaon.quarkus.connector.KaonConnector;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.annotations.Consume;
import io.quarkus.deployment.annotations.ExecutionTime;
import io.quarkus.deployment.annotations.Produce;
import io.quarkus.deployment.annotations.Record;
import io.quarkus.deployment.builditem.ConfigDescriptionBuildItem;
import io.quarkus.deployment.builditem.ServiceStartBuildItem;
import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ConnectorManagedChannelBuildItem;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the attributes of the connector known: to Dev UI and editors, and where one is used in vain. */
class KaonAttributesProcessor {
    /** What quarkus-messaging does for connectors that carry their attributes themselves. */
    @BuildStep
    void describe(
            List<ConnectorManagedChannelBuildItem> channels, BuildProducer<ConfigDescriptionBuildItem> descriptions) {
        for (ConnectorManagedChannelBuildItem channel : channels) {
            if (!KaonConnector.CONNECTOR_NAME.equals(channel.getConnector())) {
                continue;
            }
            String prefix = getChannelPropertyName(channel.getName(), "", channel.isIncoming());
            ConnectorAttributes.of(channel.isIncoming())
                    .forEach(attribute -> descriptions.produce(new ConfigDescriptionBuildItem(
                            prefix + attribute.name(),
                            ConnectorAttribute.NO_VALUE.equals(attribute.defaultValue())
                                    ? null
                                    : attribute.defaultValue(),
                            attribute.description(),
                            attribute.type(),
                            List.of(),
                            ConfigPhase.RUN_TIME)));
        }
    }

    @BuildStep
    @Record(ExecutionTime.RUNTIME_INIT)
    @Consume(BrokerStartBuildItem.class)
    @Produce(ServiceStartBuildItem.class)
    void checkSettings(KaonChannelsRecorder recorder, List<ConnectorManagedChannelBuildItem> channels) {
        Map<String, String> prefixes = new HashMap<>();
        channels.stream()
                .filter(channel -> KaonConnector.CONNECTOR_NAME.equals(channel.getConnector()))
                .forEach(channel -> prefixes.put(
                        getChannelPropertyName(channel.getName(), "", channel.isIncoming()), channel.getName()));
        recorder.checkSettings(prefixes);
    }
}
