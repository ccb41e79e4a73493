// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.Optional;

/**
 * A parameter in the path or the query.
 *
 * @param schema INT, LONG, FLAG, TEXT (with choices or without), or a LIST of TEXT, which is written with commas
 * @param standard its value when it is not given, as text; empty when there is none
 */
public record Parameter(String name, Place place, Schema schema, Optional<String> standard, String description) {
    /** Where a parameter stands. */
    public enum Place {
        /** A segment of the path; always there. */
        PATH,
        /** Behind the question mark; may be left out. */
        QUERY
    }

    /** A number in the query. */
    public static Parameter integer(String name, long min, long max) {
        return query(name, Schema.integer().min(min).max(max));
    }

    /** A number of 64 bits in the query. */
    public static Parameter int64(String name, long min) {
        return query(name, Schema.int64().min(min));
    }

    /** A text in the query, at most so many characters. */
    public static Parameter text(String name, int maxLength) {
        return query(name, Schema.text().max(maxLength));
    }

    /** One of several words in the query. */
    public static Parameter choice(String name, String... values) {
        return query(name, Schema.choice(values));
    }

    /** Some of several words in the query, with commas between them. */
    public static Parameter choices(String name, String... values) {
        return query(name, Schema.list(Schema.choice(values)).min(1));
    }

    /** true or false in the query; false when it is not given. */
    public static Parameter flag(String name) {
        return query(name, Schema.flag()).orElse("false");
    }

    private static Parameter query(String name, Schema schema) {
        return new Parameter(name, Place.QUERY, schema, Optional.empty(), "");
    }

    static Parameter path(String name, Schema schema, String description) {
        return new Parameter(name, Place.PATH, schema, Optional.empty(), description);
    }

    /** With a value for requests that do not give it. */
    public Parameter orElse(Object value) {
        return new Parameter(name, place, schema, Optional.of(String.valueOf(value)), description);
    }

    /** With a sentence for readers. */
    public Parameter described(String sentence) {
        return new Parameter(name, place, schema, standard, sentence);
    }
}
