// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads one definition in Kafka's notation: JSON with comments. */
final class SchemaParser {
    private static final JsonMapper MAPPER =
            JsonMapper.builder().enable(JsonReadFeature.ALLOW_JAVA_COMMENTS).build();
    private static final String BROKER_LISTENER = "broker";

    private final JsonNode root;
    private final String name;
    private final Versions valid;
    private final Versions flexible;
    private final Map<String, Struct> structs = new LinkedHashMap<>();

    private SchemaParser(JsonNode root) {
        this.root = root;
        this.name = text(root, "name", "");
        this.valid = Versions.parse(text(root, "validVersions", "none"));
        this.flexible = Versions.parse(text(root, "flexibleVersions", "none")).and(valid);
    }

    /** @param origin where the text is from, for complaints */
    static Schema parse(String origin, String json) {
        try {
            return new SchemaParser(MAPPER.readTree(json)).parse();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new GenerationException("%s cannot be read: %s", origin, e.getMessage());
        }
    }

    private Schema parse() {
        for (JsonNode common : root.path("commonStructs")) {
            addStruct(text(common, "name", ""), common);
        }
        Struct own = new Struct(name, valid, fields(root));
        boolean clientFacing = false;
        for (JsonNode listener : root.path("listeners")) {
            clientFacing |= listener.asText().equals(BROKER_LISTENER);
        }
        return Reachable.restrict(new Schema(
                text(root, "type", ""),
                root.path("apiKey").asInt(-1),
                name,
                valid,
                flexible,
                root.path("latestVersionUnstable").asBoolean(false),
                clientFacing,
                own,
                structs));
    }

    private List<Field> fields(JsonNode parent) {
        List<Field> fields = new ArrayList<>();
        for (JsonNode node : parent.path("fields")) {
            FieldType type = FieldType.parse(text(node, "type", ""));
            fields.add(field(node, type));
            if (node.has("fields")) {
                addStruct(type.innerStruct(), node);
            }
        }
        return fields;
    }

    private Field field(JsonNode node, FieldType type) {
        Versions tagged = Versions.parse(text(node, "taggedVersions", "none"));
        Versions versions = node.has("versions") ? Versions.parse(text(node, "versions", "")) : tagged;
        Versions ownFlexible =
                node.has("flexibleVersions") ? Versions.parse(text(node, "flexibleVersions", "")) : flexible;
        return new Field(
                        text(node, "name", ""),
                        type,
                        versions,
                        Versions.parse(text(node, "nullableVersions", "none")).and(versions),
                        tagged.and(versions),
                        node.path("tag").asInt(-1),
                        ownFlexible.and(flexible),
                        node.path("ignorable").asBoolean(false),
                        text(node, "default", ""))
                .within(valid);
    }

    private void addStruct(String structName, JsonNode node) {
        if (structs.put(structName, new Struct(structName, valid, fields(node))) != null) {
            throw new GenerationException("%s: structure '%s' is defined twice", name, structName);
        }
    }

    /** A JSON null counts as not given, as Kafka's own generator has it. */
    private static String text(JsonNode node, String key, String otherwise) {
        JsonNode value = node.path(key);
        return value.isMissingNode() || value.isNull() ? otherwise : value.asText();
    }
}
