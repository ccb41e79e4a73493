// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.strategies;

import io.quarkus.runtime.annotations.Recorder;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Hands what was found when the application was built to the strategies of its channels. */
@Recorder
public class KaonStrategiesRecorder {
    /**
     * The methods that take the records of each channel.
     *
     * @param methods {@code class.method} by channel
     */
    public Supplier<ChannelMethods> channelMethods(Map<String, List<String>> methods) {
        return () -> new ChannelMethods(methods);
    }
}
