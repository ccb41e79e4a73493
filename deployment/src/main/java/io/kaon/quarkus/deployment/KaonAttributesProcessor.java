// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import static io.quarkus.smallrye.reactivemessaging.runtime.ReactiveMessagingConfiguration.getChannelPropertyName;

import io.kaon.quarkus.connector.KaonConnector;
import io.kaon.quarkus.connector.attributes.ConnectorAttributes;
import io.quarkus.deployment.annotations.BuildProducer;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.deployment.builditem.ConfigDescriptionBuildItem;
import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.smallrye.reactivemessaging.deployment.items.ConnectorManagedChannelBuildItem;
import io.smallrye.reactive.messaging.annotations.ConnectorAttribute;
import java.util.List;

/** Makes the attributes of the connector known to Dev UI and editors. */
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
}
