// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageChange;
import io.kaon.metadata.ImageListener;
import io.kaon.metadata.config.BrokerSettings;
import io.kaon.metadata.config.EffectiveConfigs;
import io.kaon.storage.Compactor;
import io.kaon.storage.compaction.CompactorOptions;

/** Gives the compactor its {@code log.cleaner.} settings, at the start and whenever one changes. */
final class CompactionSettings implements ImageListener {
    /** Less would only cost memory. */
    private static final double MIN_LOAD_FACTOR = 0.1;

    private final BrokerSettings broker;
    private final Compactor compactor;
    private CompactorOptions known;

    CompactionSettings(BrokerSettings broker, Compactor compactor, CompactorOptions known) {
        this.broker = broker;
        this.compactor = compactor;
        this.known = known;
    }

    /** The settings under an image. */
    static CompactorOptions of(ClusterImage image, BrokerSettings broker) {
        EffectiveConfigs effective = new EffectiveConfigs(image, broker);
        return new CompactorOptions(
                Boolean.parseBoolean(value(effective, "log.cleaner.enable")),
                Integer.parseInt(value(effective, "log.cleaner.threads")),
                Long.parseLong(value(effective, "log.cleaner.dedupe.buffer.size")),
                Math.max(MIN_LOAD_FACTOR, Double.parseDouble(value(effective, "log.cleaner.io.buffer.load.factor"))),
                Integer.parseInt(value(effective, "log.cleaner.io.buffer.size")),
                Double.parseDouble(value(effective, "log.cleaner.io.max.bytes.per.second")),
                Long.parseLong(value(effective, "log.cleaner.backoff.ms")));
    }

    private static String value(EffectiveConfigs effective, String name) {
        return effective.brokerValue(name).orElseThrow();
    }

    @Override
    public void onImage(ClusterImage image, ImageChange change) {
        if (!change.configs().isEmpty()) {
            CompactorOptions wanted = of(image, broker);
            if (!wanted.equals(known)) {
                known = wanted;
                compactor.reconfigure(wanted);
            }
        }
    }
}
