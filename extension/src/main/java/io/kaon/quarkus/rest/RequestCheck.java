// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Turns the texts of a request into the values that its operation declares, or says which of them are wrong. */
final class RequestCheck {
    /** Deeper than any body that an operation takes; a record's value may be such JSON. */
    private static final int MAX_DEPTH = 200;
    /** Records in one request. */
    private static final int MAX_BODIES = 1000;

    /** Numbers stay as they were written: a record's value may be JSON with any number of digits. */
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_DEPTH)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final Operation operation;
    private final List<FieldError> errors = new ArrayList<>();

    RequestCheck(Operation operation) {
        this.operation = operation;
    }

    /**
     * The values of the parameters, with the types of {@link Call}.
     *
     * @param path decoded, by name
     * @param query decoded, by name
     * @throws ProblemException that names each parameter that is wrong
     */
    Map<String, Object> values(Map<String, String> path, Map<String, List<String>> query) {
        Map<String, Object> values = new HashMap<>();
        query.forEach((name, given) -> {
            if (operation
                    .parameter(name)
                    .filter(parameter -> parameter.place() == Parameter.Place.QUERY)
                    .isEmpty()) {
                errors.add(new FieldError(SchemaCheck.shortened(name), "is not known here. " + knownParameters()));
            } else if (given.size() > 1) {
                errors.add(new FieldError(name, "is given " + given.size() + " times"));
            }
        });
        for (Parameter parameter : operation.parameters()) {
            String text = parameter.place() == Parameter.Place.PATH
                    ? path.get(parameter.name())
                    : query.getOrDefault(parameter.name(), List.of()).stream()
                            .findFirst()
                            .or(parameter::standard)
                            .orElse(null);
            if (text != null) {
                value(parameter, text, values);
            }
        }
        throwErrors();
        return values;
    }

    private String knownParameters() {
        List<String> names = operation.parameters().stream()
                .filter(parameter -> parameter.place() == Parameter.Place.QUERY)
                .map(Parameter::name)
                .toList();
        return names.isEmpty() ? "This operation has no query parameters" : "Known are: " + String.join(", ", names);
    }

    private void value(Parameter parameter, String text, Map<String, Object> values) {
        JsonNode json = toJson(parameter.schema(), text);
        List<FieldError> wrong = SchemaCheck.errorsOf(parameter.schema(), json, parameter.name());
        if (!wrong.isEmpty()) {
            errors.addAll(wrong);
            return;
        }
        values.put(parameter.name(), toValue(parameter.schema(), json));
    }

    /** A text that cannot be what is expected stays a text, which the check then refuses. */
    private static JsonNode toJson(Schema schema, String text) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        switch (schema.kind()) {
            case INT, LONG:
                return text.matches("-?[0-9]{1,19}")
                        ? nodes.numberNode(new java.math.BigInteger(text))
                        : new TextNode(text);
            case FLAG:
                return text.equals("true") || text.equals("false")
                        ? nodes.booleanNode(Boolean.parseBoolean(text))
                        : new TextNode(text);
            case LIST:
                var list = nodes.arrayNode();
                for (String element : text.split(",", -1)) {
                    list.add(toJson(schema.element(), element.strip()));
                }
                return list;
            default:
                return new TextNode(text);
        }
    }

    private static Object toValue(Schema schema, JsonNode json) {
        switch (schema.kind()) {
            case INT, LONG:
                return json.longValue();
            case FLAG:
                return json.booleanValue();
            case LIST:
                List<Object> list = new ArrayList<>();
                json.forEach(element -> list.add(toValue(schema.element(), element)));
                return list;
            default:
                return json.textValue();
        }
    }

    /**
     * The JSON values of the body.
     *
     * @throws ProblemException that names each member that is wrong
     */
    List<JsonNode> bodies(byte[] content) {
        if (operation.bodyForm() == Operation.BodyForm.NONE) {
            if (content.length > 0) {
                throw Problem.invalid("body", "is not expected: this operation takes none")
                        .asException();
            }
            return List.of();
        }
        List<JsonNode> bodies = parsed(content);
        boolean several = operation.bodyForm() == Operation.BodyForm.SEVERAL;
        if (bodies.isEmpty() && operation.bodyForm() != Operation.BodyForm.OPTIONAL) {
            throw Problem.invalid("body", "is missing: an object in JSON is expected")
                    .asException();
        }
        if (bodies.size() > 1 && !several) {
            throw Problem.invalid("body", "has more than one JSON value").asException();
        }
        Schema schema = operation.body().orElseThrow();
        for (int i = 0; i < bodies.size(); i++) {
            errors.addAll(SchemaCheck.errorsOf(schema, bodies.get(i), several && i > 0 ? "[" + i + "]" : "body"));
        }
        throwErrors();
        return bodies;
    }

    private static List<JsonNode> parsed(byte[] content) {
        List<JsonNode> bodies = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(content);
                MappingIterator<JsonNode> values =
                        JSON.readerFor(JsonNode.class).readValues(parser)) {
            while (values.hasNextValue()) {
                bodies.add(values.nextValue());
                if (bodies.size() > MAX_BODIES) {
                    throw Problem.invalid("body", "has more than " + MAX_BODIES + " JSON values")
                            .asException();
                }
            }
        } catch (JsonProcessingException e) {
            throw Problem.invalid("body", "is not valid JSON" + placeOf(e) + ": " + e.getOriginalMessage())
                    .asException();
        } catch (IOException e) {
            throw Problem.invalid("body", "cannot be read").asException();
        }
        return bodies;
    }

    private static String placeOf(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    private void throwErrors() {
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors).asException();
        }
    }
}
