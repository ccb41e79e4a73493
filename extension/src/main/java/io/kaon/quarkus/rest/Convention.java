// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * The forms that answers of the Kafka REST v3 convention share: each thing says its {@code kind}, and in
 * {@code metadata} where it is; related things are addresses.
 */
public final class Convention {
    /** The address of something that is related. */
    static final Schema RELATED =
            Schema.object().named("Relationship").with("related", Schema.text().described("Its address."));

    private static final Schema METADATA = Schema.object()
            .named("ResourceMetadata")
            .with("self", Schema.text().described("Its address."))
            .maybe(
                    "resource_name",
                    Schema.text()
                            .described("Its name, the same under every address.")
                            .orNull());

    private static final Schema LIST_METADATA = Schema.object()
            .named("ListMetadata")
            .with("self", Schema.text().described("The address of the list."))
            .with(
                    "next",
                    Schema.text()
                            .described("The address of the next page; null on the last one.")
                            .orNull());

    private Convention() {}

    /**
     * The schema of a thing, without members yet.
     *
     * @param kind for example {@code KafkaTopic}; also its name in the document
     */
    public static Schema thing(String kind) {
        return Schema.object().named(kind).with("kind", Schema.choice(kind)).with("metadata", METADATA);
    }

    /** The schema of a list of things. */
    public static Schema listOf(String kind, Schema element) {
        return Schema.object()
                .named(kind)
                .with("kind", Schema.choice(kind))
                .with("metadata", LIST_METADATA)
                .with("data", Schema.list(element));
    }

    /**
     * A thing, without members yet.
     *
     * @param self its address
     * @param names kinds and names along its path, from the cluster on: {@code "kafka", id, "topic", name}
     */
    public static ObjectNode thing(String kind, String self, List<String> names) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", kind);
        StringBuilder name = new StringBuilder("crn://");
        for (int i = 0; i < names.size(); i += 2) {
            name.append('/').append(names.get(i)).append('=').append(names.get(i + 1));
        }
        json.putObject("metadata").put("self", self).put("resource_name", name.toString());
        return json;
    }

    /** Adds the address of something related. */
    static void relate(ObjectNode thing, String member, String address) {
        thing.putObject(member).put("related", address);
    }
}
