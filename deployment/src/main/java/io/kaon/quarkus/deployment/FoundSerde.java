// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import java.util.Map;

/**
 * A serializer or deserializer for a type.
 *
 * @param className as Kafka's clients want it
 * @param attributes what the channel needs beside it, under its name there
 * @param json whether it reads or writes the type's members by reflection
 */
record FoundSerde(String className, Map<String, String> attributes, boolean json) {
    FoundSerde {
        attributes = Map.copyOf(attributes);
    }

    static FoundSerde of(String className) {
        return new FoundSerde(className, Map.of(), false);
    }

    static FoundSerde json(String className) {
        return new FoundSerde(className, Map.of(), true);
    }

    /** The serializer that strategies for failed records expect beside a deserializer, unless they are told another. */
    String mirror() {
        return className.replace("Deserializer", "Serializer");
    }
}
