// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import static io.kaon.common.Checks.invariant;

import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.config.ConfigKey.Effect;
import io.kaon.metadata.config.ConfigKey.Scope;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All settings of one kind of resource, in the order of their names. The tables lie beside this class as resources and
 * hold what a client of Kafka 4.4 sees; each is read when it is first asked for.
 */
public final class ConfigCatalogue {
    private static final int COLUMNS = 7;

    private final Map<String, ConfigKey> keys;

    private ConfigCatalogue(Map<String, ConfigKey> keys) {
        this.keys = Collections.unmodifiableMap(keys);
    }

    public static ConfigCatalogue topics() {
        return Topics.TABLE;
    }

    public static ConfigCatalogue brokers() {
        return Brokers.TABLE;
    }

    public static ConfigCatalogue groups() {
        return Groups.TABLE;
    }

    public static ConfigCatalogue clientMetrics() {
        return ClientMetrics.TABLE;
    }

    /** The settings of a kind of resource; log levels have no catalogue and therefore no keys. */
    public static ConfigCatalogue of(ConfigResource.Type type) {
        switch (type) {
            case TOPIC:
                return topics();
            case BROKER:
                return brokers();
            case GROUP:
                return groups();
            case CLIENT_METRICS:
                return clientMetrics();
            default:
                return new ConfigCatalogue(Map.of());
        }
    }

    public Optional<ConfigKey> find(String name) {
        return Optional.ofNullable(keys.get(name));
    }

    /** A key that is known to exist. */
    ConfigKey get(String name) {
        ConfigKey key = keys.get(name);
        invariant(key != null, "there is no setting %s", name);
        return key;
    }

    public Collection<ConfigKey> keys() {
        return keys.values();
    }

    private static ConfigCatalogue load(String table) {
        Map<String, ConfigKey> keys = new TreeMap<>();
        try (InputStream resource = ConfigCatalogue.class.getResourceAsStream(table)) {
            invariant(resource != null, "the table %s is missing", table);
            BufferedReader lines = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.startsWith("#")) {
                    ConfigKey key = parse(line);
                    keys.put(key.name(), key);
                }
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
        return new ConfigCatalogue(keys);
    }

    private static ConfigKey parse(String line) {
        String[] cells = line.split(" \\| ", COLUMNS);
        invariant(cells.length == COLUMNS, "not a setting: %s", line);
        boolean isScope = List.of("static", "cluster", "broker").contains(cells[4]);
        return new ConfigKey(
                cells[0],
                ConfigType.valueOf(upper(cells[1])),
                cells[2].equals("null") ? Optional.empty() : Optional.of(cells[2]),
                new ConfigRuleNotation(cells[3]),
                isScope ? Scope.valueOf(upper(cells[4])) : Scope.CLUSTER,
                cells[5].equals("-") ? Effect.NONE : Effect.valueOf(upper(cells[5])),
                isScope || cells[4].equals("-") ? List.of() : ConfigType.elements(cells[4]),
                cells[6]);
    }

    private static String upper(String cell) {
        return cell.toUpperCase(Locale.ROOT);
    }

    private static final class Topics {
        private static final ConfigCatalogue TABLE = load("topic.settings");
    }

    private static final class Brokers {
        private static final ConfigCatalogue TABLE = load("broker.settings");
    }

    private static final class Groups {
        private static final ConfigCatalogue TABLE = load("group.settings");
    }

    private static final class ClientMetrics {
        private static final ConfigCatalogue TABLE = load("client-metrics.settings");
    }
}
