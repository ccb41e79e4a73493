// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import io.quarkus.runtime.LaunchMode;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.Config;

/**
 * Has channels metered whose metering costs something, where the map can be looked at: in applications with an HTTP server
 * whose API is on.
 */
@Singleton
public class MapAudience implements ChannelMeters.Listener {
    private final boolean isThere;

    @Inject
    MapAudience(Config config) {
        isThere = config.getOptionalValue("quarkus.kaon.rest.enabled", Boolean.class)
                .orElseGet(() -> LaunchMode.current().isDevOrTest());
    }

    @Override
    public boolean isListening() {
        return isThere;
    }

    @Override
    public void opened(ChannelMeter meter) {}

    @Override
    public void closed(ChannelMeter meter) {}
}
