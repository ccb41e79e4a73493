// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.kaon.broker.BrokerOptions;
import io.kaon.broker.DataDirectory;
import io.kaon.broker.Endpoint;
import io.kaon.broker.TopicSpec;
import io.quarkus.runtime.LaunchMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Translates the configuration of the application to the options of the broker; validates nothing that the broker does.
 */
public final class BrokerSettings {
    private static final String LISTENERS = "quarkus.kaon.broker.listeners";
    private static final String ADVERTISED_LISTENERS = "quarkus.kaon.broker.advertised-listeners";
    private static final String REBALANCE_DELAY = "group.initial.rebalance.delay.ms";
    private static final int KAFKA_PORT = 9092;
    private static final Path PACKAGED_DATA_DIRECTORY = Path.of("kaon-data");

    private BrokerSettings() {}

    /**
     * @param chosenPort the port that a listener with port 0 gets; 0 leaves the choice to the operating system
     * @throws IllegalArgumentException when a setting is wrong; the message names its key
     */
    public static BrokerOptions toOptions(KaonBrokerConfig config, LaunchMode launchMode, int chosenPort) {
        boolean working = launchMode.isDevOrTest();
        return new BrokerOptions(
                config.nodeId(),
                listeners(config.listeners(), working, chosenPort),
                config.advertisedListeners()
                        .map(texts -> endpoints(ADVERTISED_LISTENERS, texts, chosenPort))
                        .orElse(List.of()),
                dataDirectory(config.dataDir(), working),
                topics(config.topics()),
                kafkaConfig(config.config(), working));
    }

    /**
     * The address at which clients on this machine reach a broker with these settings in dev and test mode.
     *
     * @param listeners the setting, empty when it is not set
     * @param advertisedListeners the setting, empty when it is not set
     * @param chosenPort stands in for port 0
     * @throws IllegalArgumentException when a setting is wrong; the message names its key
     */
    public static String bootstrapServers(
            Optional<List<String>> listeners, Optional<List<String>> advertisedListeners, int chosenPort) {
        Endpoint first = advertisedListeners
                .map(texts -> endpoints(ADVERTISED_LISTENERS, texts, chosenPort))
                .orElseGet(() -> listeners(listeners, true, chosenPort))
                .get(0);
        boolean anyInterface = first.host().isEmpty()
                || first.host().equals("0.0.0.0")
                || first.host().equals("::");
        return anyInterface ? "localhost:" + first.port() : first.address();
    }

    /** The options with one more listener, beside those that advertise what they did. */
    public static BrokerOptions withListener(BrokerOptions options, Endpoint listener, Endpoint advertised) {
        List<Endpoint> listeners = new ArrayList<>(options.listeners());
        listeners.add(listener);
        List<Endpoint> told = new ArrayList<>(options.advertisedListeners());
        told.add(advertised);
        return new BrokerOptions(options.nodeId(), listeners, told, options.data(), options.topics(), options.config());
    }

    static BrokerOptions withListener(BrokerOptions options, String listener, String advertised) {
        return withListener(
                options,
                Endpoint.parse(LISTENERS, listener).get(0),
                Endpoint.parse(ADVERTISED_LISTENERS, advertised).get(0));
    }

    private static List<Endpoint> listeners(Optional<List<String>> setting, boolean working, int chosenPort) {
        return endpoints(
                LISTENERS,
                setting.orElseGet(() -> List.of("PLAINTEXT://localhost:" + defaultPort(working))),
                chosenPort);
    }

    private static int defaultPort(boolean working) {
        return working ? 0 : KAFKA_PORT;
    }

    /** Only the first endpoint with port 0 gets the chosen port: it is one port. */
    private static List<Endpoint> endpoints(String key, List<String> texts, int chosenPort) {
        List<Endpoint> endpoints = Endpoint.parse(key, String.join(",", texts));
        Optional<Endpoint> open =
                endpoints.stream().filter(endpoint -> endpoint.port() == 0).findFirst();
        return endpoints.stream()
                .map(endpoint -> open.filter(endpoint::equals).isPresent()
                        ? new Endpoint(endpoint.name(), endpoint.host(), chosenPort)
                        : endpoint)
                .toList();
    }

    private static DataDirectory dataDirectory(Optional<Path> setting, boolean working) {
        return setting.map(DataDirectory::at)
                .orElseGet(() -> working ? DataDirectory.temporary() : DataDirectory.at(PACKAGED_DATA_DIRECTORY));
    }

    static Map<String, TopicSpec> topics(Map<String, KaonBrokerConfig.TopicConfig> settings) {
        Map<String, TopicSpec> topics = new HashMap<>();
        settings.forEach((name, topic) -> topics.put(
                name, new TopicSpec(topic.partitions().orElse(TopicSpec.DEFAULT_PARTITIONS), topic.config())));
        return topics;
    }

    private static Map<String, String> kafkaConfig(Map<String, String> settings, boolean working) {
        Map<String, String> config = new HashMap<>(settings);
        if (working) {
            // Whoever waits for the first record of a test should not wait for group members that never come.
            config.putIfAbsent(REBALANCE_DELAY, "0");
        }
        return config;
    }
}
