// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata.config;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a setting's value is. The numbers are those of DescribeConfigs. */
public enum ConfigType {
    BOOLEAN(1, "true or false"),
    STRING(2, "a text"),
    INT(3, "a 32-bit number"),
    SHORT(4, "a 16-bit number"),
    LONG(5, "a 64-bit number"),
    DOUBLE(6, "a number"),
    LIST(7, "a list, separated by commas"),
    CLASS(8, "the name of a class"),
    PASSWORD(9, "a text");

    private final byte id;
    private final String description;

    ConfigType(int id, String description) {
        this.id = (byte) id;
        this.description = description;
    }

    public byte id() {
        return id;
    }

    /** In words, for messages. */
    String description() {
        return description;
    }

    /** Whether values are never shown. */
    boolean isSensitive() {
        return this == PASSWORD;
    }

    boolean isNumber() {
        return this == INT || this == SHORT || this == LONG || this == DOUBLE;
    }

    /**
     * The one notation of a value that several notations mean, so that values can be compared.
     *
     * @throws IllegalArgumentException when the text is no such value
     */
    String normal(String text) {
        String value = text.strip();
        switch (this) {
            case BOOLEAN:
                return normalBoolean(value);
            case INT:
                return Integer.toString(Integer.parseInt(value));
            case SHORT:
                return Short.toString(Short.parseShort(value));
            case LONG:
                return Long.toString(Long.parseLong(value));
            case DOUBLE:
                return Double.toString(Double.parseDouble(value));
            case LIST:
                return String.join(",", elements(value));
            default:
                return value;
        }
    }

    /** The elements of a list. */
    public static List<String> elements(String value) {
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(element -> !element.isEmpty())
                .collect(Collectors.toList());
    }

    private static String normalBoolean(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (!lower.equals("true") && !lower.equals("false")) {
            throw new IllegalArgumentException(value);
        }
        return lower;
    }
}
