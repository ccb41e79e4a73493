// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a JSON value has to look like: the source of validation and of the OpenAPI document. Immutable; each method
 * gives a new one.
 */
public final class Schema {
    /** The kinds of JSON values that an operation takes or gives. */
    public enum Kind {
        /** Members by name. */
        OBJECT("object"),
        /** Members of any name, each of one schema. */
        MAP("object"),
        /** Elements of one schema. */
        LIST("array"),
        /** A string. */
        TEXT("string"),
        /** A whole number of 32 bits. */
        INT("integer"),
        /** A whole number of 64 bits. */
        LONG("integer"),
        /** Any number. */
        NUMBER("number"),
        /** true or false. */
        FLAG("boolean"),
        /** Any JSON value. */
        ANY("");

        private final String openApiType;

        Kind(String openApiType) {
            this.openApiType = openApiType;
        }

        /** The type in an OpenAPI document; empty for any. */
        String openApiType() {
            return openApiType;
        }
    }

    /**
     * A member of an object.
     *
     * @param required whether a value without it is refused, or an answer always has it
     */
    public record Member(Schema schema, boolean required) {}

    private final Kind kind;
    private final String name;
    private final String description;
    private final boolean nullable;
    private final Map<String, Member> members;
    private final Schema element;
    private final Limits limits;

    /**
     * Bounds: of a number's value, a text's length, or a list's size.
     *
     * @param choices the texts that are allowed; empty for all
     */
    record Limits(Optional<Long> min, Optional<Long> max, List<String> choices) {
        static final Limits NONE = new Limits(Optional.empty(), Optional.empty(), List.of());

        Limits {
            choices = List.copyOf(choices);
        }
    }

    private Schema(Draft draft) {
        this.kind = draft.kind;
        this.name = draft.name;
        this.description = draft.description;
        this.nullable = draft.nullable;
        this.members = draft.members;
        this.element = draft.element;
        this.limits = draft.limits;
    }

    private static final class Draft {
        private Kind kind;
        private String name = "";
        private String description = "";
        private boolean nullable;
        private Map<String, Member> members = Map.of();
        private Schema element;
        private Limits limits = Limits.NONE;

        Draft(Kind kind) {
            this.kind = kind;
        }

        Draft(Schema schema) {
            this.kind = schema.kind;
            this.name = schema.name;
            this.description = schema.description;
            this.nullable = schema.nullable;
            this.members = schema.members;
            this.element = schema.element;
            this.limits = schema.limits;
        }
    }

    /** An object, without members yet. */
    public static Schema object() {
        return new Schema(new Draft(Kind.OBJECT));
    }

    /** An object with members of any name. */
    public static Schema map(Schema element) {
        Draft draft = new Draft(Kind.MAP);
        draft.element = element;
        return new Schema(draft);
    }

    /** A list. */
    public static Schema list(Schema element) {
        Draft draft = new Draft(Kind.LIST);
        draft.element = element;
        return new Schema(draft);
    }

    /** A string. */
    public static Schema text() {
        return new Schema(new Draft(Kind.TEXT));
    }

    /** One of these strings. */
    public static Schema choice(String... values) {
        Draft draft = new Draft(Kind.TEXT);
        draft.limits = new Limits(Optional.empty(), Optional.empty(), List.of(values));
        return new Schema(draft);
    }

    /** A whole number of 32 bits. */
    public static Schema integer() {
        return new Schema(new Draft(Kind.INT));
    }

    /** A whole number of 64 bits. */
    public static Schema int64() {
        return new Schema(new Draft(Kind.LONG));
    }

    /** Any number. */
    public static Schema number() {
        return new Schema(new Draft(Kind.NUMBER));
    }

    /** true or false. */
    public static Schema flag() {
        return new Schema(new Draft(Kind.FLAG));
    }

    /** Any JSON value, null too. */
    public static Schema any() {
        return new Schema(new Draft(Kind.ANY)).orNull();
    }

    /** With a member that has to be there. */
    public Schema with(String member, Schema schema) {
        return withMember(member, new Member(schema, true));
    }

    /** With a member that may be there. */
    public Schema maybe(String member, Schema schema) {
        return withMember(member, new Member(schema, false));
    }

    /** With the members of another object too. */
    public Schema withAll(Schema other) {
        Draft draft = new Draft(this);
        Map<String, Member> all = new LinkedHashMap<>(members);
        all.putAll(other.members);
        draft.members = all;
        return new Schema(draft);
    }

    private Schema withMember(String member, Member value) {
        if (kind != Kind.OBJECT) {
            throw new IllegalStateException("only an object has members");
        }
        Draft draft = new Draft(this);
        Map<String, Member> more = new LinkedHashMap<>(members);
        more.put(member, value);
        draft.members = more;
        return new Schema(draft);
    }

    /** Under a name of its own in the document, so that it stands there once. */
    public Schema named(String newName) {
        Draft draft = new Draft(this);
        draft.name = newName;
        return new Schema(draft);
    }

    /** With a sentence for readers. */
    public Schema described(String sentence) {
        Draft draft = new Draft(this);
        draft.description = sentence;
        return new Schema(draft);
    }

    /** null is allowed too. */
    public Schema orNull() {
        Draft draft = new Draft(this);
        draft.nullable = true;
        return new Schema(draft);
    }

    /** At least that: value of a number, length of a text, size of a list. */
    public Schema min(long min) {
        Draft draft = new Draft(this);
        draft.limits = new Limits(Optional.of(min), limits.max(), limits.choices());
        return new Schema(draft);
    }

    /** At most that: value of a number, length of a text, size of a list. */
    public Schema max(long max) {
        Draft draft = new Draft(this);
        draft.limits = new Limits(limits.min(), Optional.of(max), limits.choices());
        return new Schema(draft);
    }

    Kind kind() {
        return kind;
    }

    String name() {
        return name;
    }

    String description() {
        return description;
    }

    boolean isNullable() {
        return nullable;
    }

    Map<String, Member> members() {
        return members;
    }

    /** Of a list or a map. */
    Schema element() {
        return element;
    }

    Limits limits() {
        return limits;
    }

    List<String> memberNames() {
        return new ArrayList<>(members.keySet());
    }
}
