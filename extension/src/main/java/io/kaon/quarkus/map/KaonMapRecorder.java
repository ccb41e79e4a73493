// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.quarkus.runtime.annotations.Recorder;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Hands what was found when the application was built to the map of its channels. */
@Recorder
public class KaonMapRecorder {
    /**
     * @param steps the places that send and receive
     * @param incoming connectors of incoming channels, by channel
     * @param outgoing connectors of outgoing channels, by channel
     */
    public Supplier<ApplicationPlan> plan(
            List<ApplicationStep> steps, Map<String, String> incoming, Map<String, String> outgoing) {
        return () -> new ApplicationPlan(steps, incoming, outgoing);
    }
}
