// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.quarkus.smallrye.reactivemessaging.runtime.ConnectorContextPropagationDecorator;
import io.smallrye.mutiny.Multi;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Keeps the contexts of whoever started a channel from its messages: Quarkus' decorator, in whose place it stands,
 * puts all contexts aside around each message. The source of an embedded channel does that once per slice of
 * messages ({@link ChannelTurn}), each of which then has a context of its own. Where contexts are to be propagated, and
 * for all other channels, Quarkus' decorator does what it did.
 */
@Singleton
public class ConnectorContextDecorator extends ConnectorContextPropagationDecorator {
    private final EmbeddedSources sources;
    private final boolean propagates;

    @Inject
    ConnectorContextDecorator(
            EmbeddedSources sources,
            @ConfigProperty(name = "quarkus.messaging.connector-context-propagation")
                    Optional<List<String>> propagation) {
        super(propagation);
        this.sources = sources;
        this.propagates = propagation.isPresent();
    }

    @Override
    public Multi<? extends Message<?>> decorate(
            Multi<? extends Message<?>> publisher, List<String> channels, boolean isConnector) {
        boolean isEmbedded =
                isConnector && channels.size() == 1 && sources.channels().contains(channels.get(0));
        return isEmbedded && !propagates ? publisher : super.decorate(publisher, channels, isConnector);
    }
}
