// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.providers.locals.ContextDecorator;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Gives each message to the application in its own context: SmallRye's decorator, in whose place it stands, does so
 * by a task for the event loop per message and another per request, which is most of what an embedded channel would
 * cost.
 */
@ApplicationScoped
public class MessageContextDecorator extends ContextDecorator {
    private final EmbeddedSources sources;

    @Inject
    MessageContextDecorator(EmbeddedSources sources) {
        this.sources = sources;
    }

    @Override
    public Multi<? extends Message<?>> decorate(
            Multi<? extends Message<?>> publisher, List<String> channels, boolean isConnector) {
        boolean isEmbedded =
                isConnector && channels.size() == 1 && sources.channels().contains(channels.get(0));
        return isEmbedded ? new MessageContexts<>(publisher) : super.decorate(publisher, channels, isConnector);
    }
}
