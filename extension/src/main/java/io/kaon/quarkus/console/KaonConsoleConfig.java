// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.console;

import io.quarkus.runtime.annotations.ConfigPhase;
import io.quarkus.runtime.annotations.ConfigRoot;
import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** The console: pages that show and steer the broker. */
@ConfigMapping(prefix = "quarkus.kaon.console")
@ConfigRoot(phase = ConfigPhase.RUN_TIME)
public interface KaonConsoleConfig {
    /**
     * Whether the page {@code /kaon} is there. Without a value it is in dev and test mode, and is not in a packaged
     * application. What it shows comes from {@code /v3}: it needs {@code quarkus.kaon.rest.enabled}, and asks for the
     * same roles. The pages in Dev UI need none of this.
     */
    Optional<Boolean> enabled();
}
