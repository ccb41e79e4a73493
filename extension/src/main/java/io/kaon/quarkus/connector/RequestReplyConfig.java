// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.smallrye.reactive.messaging.kafka.KafkaConnector;
import io.smallrye.reactive.messaging.providers.impl.ConnectorConfig;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigValue;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.eclipse.microprofile.config.spi.Converter;
import org.eclipse.microprofile.reactive.messaging.spi.ConnectorFactory;

/**
 * The application's configuration as SmallRye's request and reply is to see it: it reads the attributes of {@code
 * smallrye-kafka}, and finds ours there; and some attributes of the channel are set by us.
 */
final class RequestReplyConfig implements Config {
    private static final String THEIRS = ConnectorFactory.CONNECTOR_PREFIX + KafkaConnector.CONNECTOR_NAME + ".";
    private static final String OURS = ConnectorFactory.CONNECTOR_PREFIX + KaonConnector.CONNECTOR_NAME + ".";

    private final Config application;
    private final String channelPrefix;
    private final Map<String, String> channelSettings;

    /** @param channelSettings what we set for the channel, by attribute */
    RequestReplyConfig(Config application, String channel, Map<String, String> channelSettings) {
        this.application = application;
        this.channelPrefix = prefixOf(channel);
        this.channelSettings = Map.copyOf(channelSettings);
    }

    /** Whether an outgoing channel has our connector. */
    static boolean isOurs(Config application, String channel) {
        return application
                .getOptionalValue(prefixOf(channel) + ConnectorFactory.CONNECTOR_ATTRIBUTE, String.class)
                .filter(KaonConnector.CONNECTOR_NAME::equals)
                .isPresent();
    }

    private static String prefixOf(String channel) {
        return ConnectorConfig.channelPrefix(ConnectorFactory.OUTGOING_PREFIX, channel);
    }

    private Optional<String> set(String name) {
        return name.startsWith(channelPrefix)
                ? Optional.ofNullable(channelSettings.get(name.substring(channelPrefix.length())))
                : Optional.empty();
    }

    private static String ours(String name) {
        return name.startsWith(THEIRS) ? OURS + name.substring(THEIRS.length()) : name;
    }

    @Override
    public <T> T getValue(String name, Class<T> type) {
        Optional<String> set = set(name);
        return set.isPresent() ? convert(set.get(), type) : application.getValue(ours(name), type);
    }

    @Override
    public <T> Optional<T> getOptionalValue(String name, Class<T> type) {
        Optional<String> set = set(name);
        return set.isPresent() ? Optional.of(convert(set.get(), type)) : application.getOptionalValue(ours(name), type);
    }

    private <T> T convert(String text, Class<T> type) {
        return application
                .getConverter(type)
                .orElseThrow(() -> new IllegalArgumentException("Nothing converts a setting to " + type))
                .convert(text);
    }

    @Override
    public ConfigValue getConfigValue(String name) {
        Optional<String> set = set(name);
        return set.isPresent() ? new SetValue(name, set.get()) : application.getConfigValue(ours(name));
    }

    @Override
    public Iterable<String> getPropertyNames() {
        Set<String> names = new LinkedHashSet<>();
        for (String name : application.getPropertyNames()) {
            if (name.startsWith(OURS)) {
                names.add(THEIRS + name.substring(OURS.length()));
            } else if (!name.startsWith(THEIRS)) {
                names.add(name);
            }
        }
        channelSettings.keySet().forEach(attribute -> names.add(channelPrefix + attribute));
        return names;
    }

    @Override
    public Iterable<ConfigSource> getConfigSources() {
        return application.getConfigSources();
    }

    @Override
    public <T> Optional<Converter<T>> getConverter(Class<T> type) {
        return application.getConverter(type);
    }

    @Override
    public <T> T unwrap(Class<T> type) {
        return application.unwrap(type);
    }

    /** What was set by us, not by a source. */
    private record SetValue(String name, String value) implements ConfigValue {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public String getValue() {
            return value;
        }

        @Override
        public String getRawValue() {
            return value;
        }

        @Override
        public String getSourceName() {
            return KaonConnector.CONNECTOR_NAME;
        }

        @Override
        public int getSourceOrdinal() {
            return Integer.MAX_VALUE;
        }
    }
}
