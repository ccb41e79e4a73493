// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.RuntimeValue;
import io.quarkus.runtime.ShutdownContext;
import io.quarkus.runtime.annotations.Recorder;
import io.quarkus.runtime.configuration.ConfigurationException;

/** Starts the broker before any channel starts, and sees to its end. */
@Recorder
public class KaonBrokerRecorder {
    private final RuntimeValue<KaonBrokerConfig> config;

    public KaonBrokerRecorder(RuntimeValue<KaonBrokerConfig> config) {
        this.config = config;
    }

    /**
     * @param launchMode how the application was launched
     * @param chosenPort the port that was chosen while the application was built, for a listener with port 0; 0 in a
     *     packaged application
     */
    public void start(LaunchMode launchMode, int chosenPort, ShutdownContext shutdown) {
        KaonBrokerConfig settings = config.getValue();
        if (!settings.enabled().orElse(launchMode.isDevOrTest())) {
            BrokerHolder.stop();
            return;
        }
        if (launchMode == LaunchMode.DEVELOPMENT) {
            DevModeEnd.run(BrokerHolder::stop);
        } else {
            shutdown.addLastShutdownTask(BrokerHolder::stop);
        }
        try {
            TopicSeeds seeds =
                    TopicSeeds.of(settings, Thread.currentThread().getContextClassLoader());
            BrokerHolder.startOrKeep(BrokerSettings.toOptions(settings, launchMode, chosenPort));
            BrokerHolder.seed(seeds);
        } catch (RuntimeException e) {
            // Quarkus prints the message of this one alone, without a stack trace: one sentence for whoever started it.
            throw new ConfigurationException("The broker of this application could not start: " + sentenceOf(e), e);
        }
    }

    private static String sentenceOf(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
