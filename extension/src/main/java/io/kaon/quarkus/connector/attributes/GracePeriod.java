// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.attributes;

import java.time.Duration;
import org.eclipse.microprofile.config.Config;

/** How long the end of an incoming channel waits for records that the application has. */
public final class GracePeriod {
    public static final String ATTRIBUTE = "graceful-shutdown-timeout";
    static final int DEFAULT_MS = 10_000;

    private GracePeriod() {}

    /**
     * What a channel is set to.
     *
     * @throws IllegalArgumentException when it is negative
     */
    public static Duration of(Config channel) {
        int ms = channel.getOptionalValue(ATTRIBUTE, Integer.class).orElse(DEFAULT_MS);
        if (ms < 0) {
            throw new IllegalArgumentException(ATTRIBUTE + " is " + ms + ", which must be 0 or more milliseconds");
        }
        return Duration.ofMillis(ms);
    }
}
