// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import static io.kaon.common.Checks.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a listener is, in Kafka's notation {@code NAME://host:port}.
 *
 * @param name the listener's name, upper case
 * @param host a host name or address; IPv6 addresses stand in brackets in the notation, not here; empty for all interfaces
 * @param port 0 to 65535; 0 lets the operating system choose
 */
public record Endpoint(String name, String host, int port) {
    private static final int MAX_PORT = 65_535;
    private static final Pattern NOTATION =
            Pattern.compile("([A-Za-z][A-Za-z0-9_.-]*)://(?:\\[([0-9A-Fa-f:.%a-z]+)]|([^:\\[\\]/]*)):(\\d{1,5})");

    public Endpoint {
        require(port >= 0 && port <= MAX_PORT, "a port is 0 to %s, was %s", MAX_PORT, port);
    }

    /**
     * Reads a list in Kafka's notation, separated by commas.
     *
     * @param key the configuration key, for the message of the {@link IllegalArgumentException}
     */
    public static List<Endpoint> parse(String key, String text) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (String part : text.split(",")) {
            endpoints.add(parseOne(key, part.trim()));
        }
        require(
                endpoints.stream().map(Endpoint::name).distinct().count() == endpoints.size(),
                "%s: each listener needs a name of its own, was '%s'",
                key,
                text);
        return List.copyOf(endpoints);
    }

    private static Endpoint parseOne(String key, String text) {
        Matcher matcher = NOTATION.matcher(text.contains("://") ? text : "PLAINTEXT://" + text);
        require(
                matcher.matches() && Integer.parseInt(matcher.group(4)) <= MAX_PORT,
                "%s: a listener is NAME://host:port with a port of 0 to %s, for example PLAINTEXT://localhost:9092, was '%s'",
                key,
                MAX_PORT,
                text);
        String host = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
        return new Endpoint(matcher.group(1).toUpperCase(Locale.ROOT), host, Integer.parseInt(matcher.group(4)));
    }

    /** {@code host:port} as clients write it, with IPv6 addresses in brackets. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    @Override
    public String toString() {
        return name + "://" + address();
    }
}
