// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Holds JSON values to a schema. Says everything that is wrong, up to a bound. Used once, by one thread. */
final class SchemaCheck {
    /** Nobody reads more, and a large body with many mistakes must not make a larger answer. */
    private static final int MAX_ERRORS = 20;
    /** Of what was typed, that much comes back. */
    private static final int MAX_QUOTED = 60;

    private final List<FieldError> errors = new ArrayList<>();

    /** What is wrong with a value; empty when nothing is. */
    static List<FieldError> errorsOf(Schema schema, JsonNode value, String field) {
        SchemaCheck check = new SchemaCheck();
        check.check(schema, value, field);
        return check.errors;
    }

    private void check(Schema schema, JsonNode value, String field) {
        if (errors.size() >= MAX_ERRORS || schema.kind() == Schema.Kind.ANY) {
            return;
        }
        if (value.isNull()) {
            if (!schema.isNullable()) {
                add(field, "is " + expected(schema) + ", was null");
            }
            return;
        }
        if (!hasKind(schema.kind(), value)) {
            add(field, "is " + expected(schema) + ", was " + quoted(value));
            return;
        }
        switch (schema.kind()) {
            case OBJECT -> members(schema, value, field);
            case MAP ->
                value.properties()
                        .forEach(member -> check(schema.element(), member.getValue(), under(field, member.getKey())));
            case LIST -> elements(schema, value, field);
            default -> outOfBounds(schema, value).ifPresent(message -> add(field, message));
        }
    }

    private void members(Schema schema, JsonNode value, String field) {
        schema.members().forEach((name, member) -> {
            if (value.has(name)) {
                check(member.schema(), value.get(name), under(field, name));
            } else if (member.required()) {
                add(under(field, name), "is missing: " + expected(member.schema()) + " is expected");
            }
        });
        value.fieldNames().forEachRemaining(name -> {
            if (!schema.members().containsKey(name)) {
                add(
                        under(field, shortened(name)),
                        "is not known here. Known are: " + String.join(", ", schema.memberNames()));
            }
        });
    }

    private void elements(Schema schema, JsonNode value, String field) {
        outOfRange(schema, value.size(), "elements").ifPresent(message -> add(field, message));
        for (int i = 0; i < value.size() && errors.size() < MAX_ERRORS; i++) {
            check(schema.element(), value.get(i), field + "[" + i + "]");
        }
    }

    private void add(String field, String message) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(new FieldError(field, message));
        }
    }

    /** A member of the body itself is called by its name alone. */
    private static String under(String field, String member) {
        return field.equals("body") ? member : field + "." + member;
    }

    private static boolean hasKind(Schema.Kind kind, JsonNode value) {
        switch (kind) {
            case OBJECT, MAP:
                return value.isObject();
            case LIST:
                return value.isArray();
            case TEXT:
                return value.isTextual();
            case INT:
                return value.isIntegralNumber() && value.canConvertToInt();
            case LONG:
                return value.isIntegralNumber() && value.canConvertToLong();
            case NUMBER:
                return value.isNumber();
            case FLAG:
                return value.isBoolean();
            default:
                return true;
        }
    }

    private static Optional<String> outOfBounds(Schema schema, JsonNode value) {
        switch (schema.kind()) {
            case TEXT:
                List<String> choices = schema.limits().choices();
                if (!choices.isEmpty() && !choices.contains(value.textValue())) {
                    return Optional.of("is " + expected(schema) + ", was " + quoted(value));
                }
                return outOfRange(schema, value.textValue().length(), "characters");
            case INT, LONG:
                return outOfRange(schema, value.longValue(), "");
            default:
                return Optional.empty();
        }
    }

    /** What is wrong with a number, or with how many characters or elements there are. */
    private static Optional<String> outOfRange(Schema schema, long value, String unit) {
        boolean low = schema.limits().min().filter(min -> value < min).isPresent();
        boolean high = schema.limits().max().filter(max -> value > max).isPresent();
        return low || high
                ? Optional.of(("is " + expected(schema) + ", was " + value + " " + unit).strip())
                : Optional.empty();
    }

    /** The words for what a schema takes. */
    static String expected(Schema schema) {
        Schema.Limits limits = schema.limits();
        if (!limits.choices().isEmpty()) {
            return "one of " + String.join(", ", limits.choices());
        }
        switch (schema.kind()) {
            case OBJECT, MAP:
                return "an object";
            case LIST:
                return "a list" + range(limits, " elements");
            case TEXT:
                return "a text" + range(limits, " characters");
            case INT, LONG:
                return "a whole number" + range(limits, "");
            case NUMBER:
                return "a number";
            case FLAG:
                return "true or false";
            default:
                return "any value";
        }
    }

    private static String range(Schema.Limits limits, String unit) {
        String max = limits.max()
                .filter(value -> value < Integer.MAX_VALUE)
                .map(String::valueOf)
                .orElse("");
        if (limits.min().isPresent() && !max.isEmpty()) {
            return " from " + limits.min().get() + " to " + max + unit;
        }
        if (limits.min().isPresent()) {
            return " from " + limits.min().get() + unit;
        }
        return max.isEmpty() ? "" : " up to " + max + unit;
    }

    static String quoted(JsonNode value) {
        if (value.isContainerNode()) {
            return value.isArray() ? "a list" : "an object";
        }
        return shortened(value.toString());
    }

    static String shortened(String text) {
        return text.length() <= MAX_QUOTED
                ? text
                : text.substring(0, MAX_QUOTED) + "… (" + String.format(Locale.ROOT, "%d", text.length())
                        + " characters)";
    }
}
