// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.Optional;

/**
 * Something that has settings.
 *
 * @param type its kind
 * @param name its name; for brokers the node id, or empty for the default of all brokers
 */
public record ConfigResource(Type type, String name) implements Comparable<ConfigResource> {
    /** Kinds of resources under Kafka's numbers. */
    public enum Type {
        TOPIC(2),
        BROKER(4),
        BROKER_LOGGER(8),
        CLIENT_METRICS(16),
        GROUP(32);

        private final byte id;

        Type(int id) {
            this.id = (byte) id;
        }

        public byte id() {
            return id;
        }

        /** The kind of a number from the wire, if there is one. */
        public static Optional<Type> of(int id) {
            for (Type type : values()) {
                if (type.id == id) {
                    return Optional.of(type);
                }
            }
            return Optional.empty();
        }
    }

    public static ConfigResource topic(String name) {
        return new ConfigResource(Type.TOPIC, name);
    }

    public static ConfigResource broker(int id) {
        return new ConfigResource(Type.BROKER, Integer.toString(id));
    }

    /** The default of all brokers. */
    public static ConfigResource brokerDefault() {
        return new ConfigResource(Type.BROKER, "");
    }

    public static ConfigResource group(String id) {
        return new ConfigResource(Type.GROUP, id);
    }

    @Override
    public int compareTo(ConfigResource other) {
        int order = type.compareTo(other.type);
        return order != 0 ? order : name.compareTo(other.name);
    }
}
