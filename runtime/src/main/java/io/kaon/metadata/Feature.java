// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.Optional;

/**
 * The features whose level the cluster agrees on, under Kafka's names. A level is finalized by the controller and
 * written in the journal; until then, and after it was taken back, it is 0, which is always possible.
 */
public enum Feature {
    /** 0: only the classic group protocol; 1: also the consumer group protocol (KIP-848). */
    GROUP_VERSION("group.version", 1),

    /**
     * 0: the transaction log is written without tagged fields; 1: with them; 2: each transaction has its own producer
     * epoch, and partitions add themselves to it (KIP-890).
     */
    TRANSACTION_VERSION("transaction.version", 2);

    /** The level of a feature that is off. */
    public static final short OFF = 0;

    private final String featureName;
    private final short maxLevel;

    Feature(String featureName, int maxLevel) {
        this.featureName = featureName;
        this.maxLevel = (short) maxLevel;
    }

    public static Optional<Feature> named(String name) {
        for (Feature feature : values()) {
            if (feature.featureName.equals(name)) {
                return Optional.of(feature);
            }
        }
        return Optional.empty();
    }

    /** Kafka's name, as in ApiVersions and UpdateFeatures. */
    public String featureName() {
        return featureName;
    }

    /** The lowest level that this broker can work with. */
    public short minLevel() {
        return OFF;
    }

    /** The highest level that this broker can work with; a fresh cluster starts there. */
    public short maxLevel() {
        return maxLevel;
    }

    public boolean supports(short level) {
        return level >= minLevel() && level <= maxLevel;
    }

    /** The level that the cluster agreed on; {@link #OFF} when it did not. */
    public short levelIn(ClusterImage image) {
        return image.features().getOrDefault(featureName, OFF);
    }
}
