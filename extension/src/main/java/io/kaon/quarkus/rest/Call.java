// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A request that was checked against its operation. Immutable, any thread. */
public final class Call {
    private final Map<String, Object> values;
    private final List<JsonNode> bodies;
    private final Links links;

    Call(Map<String, Object> values, List<JsonNode> bodies, Links links) {
        this.values = Map.copyOf(values);
        this.bodies = List.copyOf(bodies);
        this.links = links;
    }

    /** A text that is there: in the path, or with a default. */
    public String text(String parameter) {
        return maybeText(parameter).orElseThrow(() -> missing(parameter));
    }

    /** A text, empty when it was not given. */
    public Optional<String> maybeText(String parameter) {
        return Optional.ofNullable((String) values.get(parameter));
    }

    /** A number that is there: in the path, or with a default. */
    public long number(String parameter) {
        return maybeNumber(parameter).orElseThrow(() -> missing(parameter));
    }

    /** A number of 32 bits that is there. */
    public int integer(String parameter) {
        return Math.toIntExact(number(parameter));
    }

    /** A number, empty when it was not given. */
    public Optional<Long> maybeNumber(String parameter) {
        return Optional.ofNullable((Long) values.get(parameter));
    }

    /** true or false. */
    public boolean flag(String parameter) {
        return Boolean.TRUE.equals(values.get(parameter));
    }

    /** Some words; none when they were not given. */
    public List<String> texts(String parameter) {
        Object value = values.get(parameter);
        return value == null
                ? List.of()
                : ((List<?>) value).stream().map(String.class::cast).toList();
    }

    /** The JSON value of the request. An operation whose body is optional asks {@link #bodies} whether there is one. */
    public JsonNode body() {
        return bodies.get(0);
    }

    /** The JSON values of the request, in their order. */
    public List<JsonNode> bodies() {
        return bodies;
    }

    /** Where things are, as this client reaches them. */
    public Links links() {
        return links;
    }

    /** Which page of a list is asked for. */
    public Page page() {
        return new Page(integer("page_size"), maybeText("page_token"), links);
    }

    private static IllegalStateException missing(String parameter) {
        return new IllegalStateException("the operation has no parameter " + parameter + ", or it has no default");
    }
}
