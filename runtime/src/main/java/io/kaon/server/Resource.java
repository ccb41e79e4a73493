// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

/** Something that a permission protects. */
public record Resource(ResourceType type, String name) {
    /** The cluster as a whole, under the name that Kafka gives it. */
    public static final Resource CLUSTER = new Resource(ResourceType.CLUSTER, "kafka-cluster");

    public static Resource topic(String name) {
        return new Resource(ResourceType.TOPIC, name);
    }

    public static Resource group(String groupId) {
        return new Resource(ResourceType.GROUP, groupId);
    }

    public static Resource transactionalId(String id) {
        return new Resource(ResourceType.TRANSACTIONAL_ID, id);
    }
}
