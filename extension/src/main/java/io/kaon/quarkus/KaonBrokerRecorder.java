// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.BrokerOptions;
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
     * @param byDefault whether the broker starts when the application does not say so
     * @param chosenPort the port that was chosen while the application was built, for a listener with port 0; 0 in a
     *     packaged application
     * @param containerListener a listener for containers, in Kafka's notation; empty for none
     * @param containerAdvertised what its clients are told
     */
    public void start(
            LaunchMode launchMode,
            boolean byDefault,
            int chosenPort,
            String containerListener,
            String containerAdvertised,
            ShutdownContext shutdown) {
        KaonBrokerConfig settings = config.getValue();
        if (!settings.enabled().orElse(byDefault)) {
            BrokerHolder.stop();
            return;
        }
        if (launchMode == LaunchMode.DEVELOPMENT) {
            DevModeEnd.run(BrokerHolder::stop);
        } else {
            shutdown.addLastShutdownTask(BrokerHolder::stop);
        }
        try {
            TopicSeeds seeds = TopicSeeds.of(settings, Thread.currentThread().getContextClassLoader());
            BrokerOptions options = BrokerSettings.toOptions(settings, launchMode, chosenPort);
            BrokerHolder.startOrKeep(
                    containerListener.isEmpty()
                            ? options
                            : BrokerSettings.withListener(options, containerListener, containerAdvertised));
            BrokerHolder.seed(seeds);
        } catch (RuntimeException e) {
            // Quarkus prints the message of this one alone, without a stack trace: one sentence for whoever started it.
            throw new ConfigurationException("The broker of this application could not start: " + sentenceOf(e), e);
        }
    }

    /** Uses the broker that another application in dev mode runs: makes the topics of this one there. */
    public void join(String bootstrapServers) {
        BrokerHolder.stop();
        try {
            SharedTopics.make(bootstrapServers, config.getValue());
        } catch (RuntimeException e) {
            throw new ConfigurationException(
                    "The shared broker at " + bootstrapServers + " cannot be used: " + sentenceOf(e), e);
        }
    }

    private static String sentenceOf(Throwable failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
