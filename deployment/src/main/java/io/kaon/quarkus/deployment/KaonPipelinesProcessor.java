// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.kaon.quarkus.connector.incoming.ConnectorContextDecorator;
import io.kaon.quarkus.connector.incoming.MessageContextDecorator;
import io.kaon.quarkus.connector.incoming.StayingWorkerPools;
import io.quarkus.arc.deployment.AdditionalBeanBuildItem;
import io.quarkus.arc.deployment.ExcludedTypeBuildItem;
import io.quarkus.deployment.annotations.BuildStep;
import io.quarkus.smallrye.reactivemessaging.runtime.ConnectorContextPropagationDecorator;
import io.smallrye.reactive.messaging.providers.locals.ContextDecorator;
import java.util.List;

/** The way of a record from the broker in the application to a method, as short as it can be. */
class KaonPipelinesProcessor {
    @BuildStep
    AdditionalBeanBuildItem pipelines() {
        return AdditionalBeanBuildItem.builder()
                .addBeanClasses(
                        StayingWorkerPools.class, MessageContextDecorator.class, ConnectorContextDecorator.class)
                .setUnremovable()
                .build();
    }

    /** Ours do the same for all channels but those of the broker in this application. */
    @BuildStep
    List<ExcludedTypeBuildItem> decorators() {
        return List.of(
                new ExcludedTypeBuildItem(ContextDecorator.class.getName()),
                new ExcludedTypeBuildItem(ConnectorContextPropagationDecorator.class.getName()));
    }
}
