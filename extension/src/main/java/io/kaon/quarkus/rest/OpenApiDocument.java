// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.TreeMap;

/** Writes the table of operations as an OpenAPI document (3.0). Used once, by one thread. */
final class OpenApiDocument {
    private static final String SCHEMA_PLACE = "#/components/schemas/";

    private final JsonNodeFactory nodes = JsonNodeFactory.instance;
    private final Map<String, ObjectNode> named = new TreeMap<>();

    /** @param server where the API begins, as the client reaches it */
    static ObjectNode of(OperationTable table, String server) {
        return new OpenApiDocument().document(table, server);
    }

    private ObjectNode document(OperationTable table, String server) {
        ObjectNode document = nodes.objectNode().put("openapi", "3.0.3");
        document.putObject("info")
                .put("title", "Kaon")
                .put("version", "v3")
                .put(
                        "description",
                        "A Kafka-compatible broker over HTTP, after the public Kafka REST v3 convention, with operations"
                                + " of its own beside it.");
        document.putArray("servers").addObject().put("url", server);
        ObjectNode paths = document.putObject("paths");
        for (Operation operation : table.operations()) {
            ObjectNode path = (ObjectNode) paths.get(operation.path());
            if (path == null) {
                path = paths.putObject(operation.path());
            }
            path.set(operation.method().name().toLowerCase(java.util.Locale.ROOT), operation(operation));
        }
        schema(Problem.SCHEMA);
        ObjectNode schemas = document.putObject("components").putObject("schemas");
        named.forEach(schemas::set);
        return document;
    }

    private ObjectNode operation(Operation operation) {
        ObjectNode json = nodes.objectNode().put("operationId", operation.id()).put("summary", operation.summary());
        if (!operation.description().isEmpty()) {
            json.put("description", operation.description());
        }
        json.putArray("tags").add(operation.tag());
        if (!operation.parameters().isEmpty()) {
            ArrayNode parameters = json.putArray("parameters");
            operation.parameters().forEach(parameter -> parameters.add(parameter(parameter)));
        }
        operation.body().ifPresent(schema -> {
            ObjectNode body = json.putObject("requestBody");
            body.put("required", operation.bodyForm() != Operation.BodyForm.OPTIONAL);
            if (operation.bodyForm() == Operation.BodyForm.SEVERAL) {
                body.put("description", "One JSON value, or several one after the other.");
            }
            content(body, "application/json", schema(schema));
        });
        json.set("responses", responses(operation));
        return json;
    }

    private ObjectNode parameter(Parameter parameter) {
        boolean isPath = parameter.place() == Parameter.Place.PATH;
        ObjectNode json = nodes.objectNode()
                .put("name", parameter.name())
                .put("in", isPath ? "path" : "query")
                .put("required", isPath)
                .put("description", parameter.description());
        if (parameter.schema().kind() == Schema.Kind.LIST) {
            json.put("style", "form").put("explode", false);
        }
        ObjectNode schema = schema(parameter.schema());
        parameter.standard().ifPresent(text -> {
            switch (parameter.schema().kind()) {
                case INT, LONG -> schema.put("default", Long.parseLong(text));
                case FLAG -> schema.put("default", Boolean.parseBoolean(text));
                case LIST -> {
                    ArrayNode list = schema.putArray("default");
                    for (String element : text.split(",")) {
                        list.add(element);
                    }
                }
                default -> schema.put("default", text);
            }
        });
        json.set("schema", schema);
        return json;
    }

    private ObjectNode responses(Operation operation) {
        ObjectNode responses = nodes.objectNode();
        for (Operation.Result result : operation.results()) {
            ObjectNode response = responses.withObjectProperty(String.valueOf(result.status()));
            String description = result.description().isEmpty() ? "The result." : result.description();
            response.put(
                    "description",
                    response.has("description")
                            ? response.get("description").asText() + " " + description
                            : description);
            if (!result.mediaType().isEmpty()) {
                content(
                        response,
                        result.mediaType(),
                        result.schema().map(this::schema).orElseGet(() -> nodes.objectNode()
                                .put("type", "string")
                                .put("format", "binary")));
            }
        }
        Map<Integer, String> failures = new TreeMap<>(operation.failures());
        if (operation.bodyForm() != Operation.BodyForm.NONE
                || !operation.parameters().isEmpty()) {
            failures.putIfAbsent(400, "A field of the request is wrong: `errors` names it.");
        }
        if (operation.path().contains("{cluster_id}")) {
            failures.merge(404, "There is no cluster with this id.", (own, ours) -> own);
        }
        failures.forEach((status, when) -> problem(responses, String.valueOf(status), when));
        problem(responses, "default", "Any other reason why there is no result.");
        return responses;
    }

    private void problem(ObjectNode responses, String status, String when) {
        ObjectNode response = responses.putObject(status).put("description", when);
        content(response, Problem.MEDIA_TYPE, schema(Problem.SCHEMA));
    }

    private static void content(ObjectNode place, String mediaType, ObjectNode schema) {
        place.withObjectProperty("content").putObject(mediaType).set("schema", schema);
    }

    private ObjectNode schema(Schema schema) {
        if (schema.name().isEmpty()) {
            return inline(schema);
        }
        if (!named.containsKey(schema.name())) {
            named.put(schema.name(), nodes.objectNode()); // Its place, for a schema that mentions itself.
            named.put(schema.name(), inline(schema));
        }
        ObjectNode reference = nodes.objectNode().put("$ref", SCHEMA_PLACE + schema.name());
        return reference;
    }

    private ObjectNode inline(Schema schema) {
        ObjectNode json = nodes.objectNode();
        if (!schema.kind().openApiType().isEmpty()) {
            json.put("type", schema.kind().openApiType());
        }
        if (!schema.description().isEmpty()) {
            json.put("description", schema.description());
        }
        if (schema.isNullable()) {
            json.put("nullable", true);
        }
        switch (schema.kind()) {
            case OBJECT -> members(schema, json);
            case MAP -> json.set("additionalProperties", schema(schema.element()));
            case LIST -> {
                json.set("items", schema(schema.element()));
                schema.limits().min().ifPresent(min -> json.put("minItems", min));
                schema.limits().max().ifPresent(max -> json.put("maxItems", max));
            }
            case TEXT -> text(schema.limits(), json);
            case INT, LONG -> {
                json.put("format", schema.kind() == Schema.Kind.INT ? "int32" : "int64");
                schema.limits().min().ifPresent(min -> json.put("minimum", min));
                schema.limits().max().ifPresent(max -> json.put("maximum", max));
            }
            default -> {}
        }
        return json;
    }

    private static void text(Schema.Limits limits, ObjectNode json) {
        if (!limits.choices().isEmpty()) {
            ArrayNode choices = json.putArray("enum");
            limits.choices().forEach(choices::add);
        }
        limits.min().ifPresent(min -> json.put("minLength", min));
        limits.max().ifPresent(max -> json.put("maxLength", max));
    }

    private void members(Schema schema, ObjectNode json) {
        ArrayNode required = nodes.arrayNode();
        ObjectNode properties = nodes.objectNode();
        schema.members().forEach((name, member) -> {
            properties.set(name, schema(member.schema()));
            if (member.required()) {
                required.add(name);
            }
        });
        if (!required.isEmpty()) {
            json.set("required", required);
        }
        json.set("properties", properties);
        json.put("additionalProperties", false);
    }
}
