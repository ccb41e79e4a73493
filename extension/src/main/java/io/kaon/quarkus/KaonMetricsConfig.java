// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** What is shown of the broker in applications that have Micrometer or OpenTelemetry metrics. */
@ConfigMapping(prefix = "quarkus.kaon.metrics")
@ConfigRoot(phase = ConfigPhase.RUN_TIME)
public interface KaonMetricsConfig {
    /**
     * How many partitions have meters of their own (about twenty each), in the order of the topics' names, and how many
     * committed offsets of groups. What is more counts in the sums only; {@code kaon_metrics_partitions_hidden} says how
     * many those are. 0 for none.
     */
    @WithDefault("1000")
    int partitions();

    /**
     * How old a value may be, and how late what is new may appear. The broker is asked so often as long as somebody
     * reads meters, and ten times less often after a minute in which nobody has.
     */
    @WithDefault("2s")
    Duration interval();
}
