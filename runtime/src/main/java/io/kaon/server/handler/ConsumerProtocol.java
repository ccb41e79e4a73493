// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.metadata.Feature;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.config.BrokerSettings;

/**
 * Whether groups of the consumer protocol are served: the cluster has agreed on {@code group.version} 1, and {@code
 * group.coordinator.rebalance.protocols} names the protocol.
 */
public final class ConsumerProtocol {
    private static final String NAME = "consumer";

    private final MetadataImages images;
    private final boolean isConfigured;

    public ConsumerProtocol(MetadataImages images, BrokerSettings settings) {
        this.images = images;
        this.isConfigured = settings.groupRebalanceProtocols().contains(NAME);
    }

    boolean isOn() {
        return isConfigured && Feature.GROUP_VERSION.levelIn(images.current()) > Feature.OFF;
    }
}
