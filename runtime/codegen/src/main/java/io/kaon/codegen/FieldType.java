// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

/**
 * The type of a field.
 *
 * @param kind what it is
 * @param struct the name of the structure, empty if it is none
 * @param element of an array the type of its elements, else null
 */
record FieldType(Kind kind, String struct, FieldType element) {
    /** Reads {@code int32}, {@code []string}, {@code []TopicPartition}. */
    static FieldType parse(String text) {
        if (text.startsWith("[]")) {
            return new FieldType(Kind.ARRAY, "", parse(text.substring(2)));
        }
        Kind kind = Kind.named(text);
        return new FieldType(kind, kind == Kind.STRUCT ? text : "", null);
    }

    boolean isArray() {
        return kind == Kind.ARRAY;
    }

    boolean isStruct() {
        return kind == Kind.STRUCT;
    }

    /** The structure that this type is or holds, empty if none. */
    String innerStruct() {
        return isArray() ? element.innerStruct() : struct;
    }

    FieldType withInnerStruct(String name) {
        return isArray() ? new FieldType(kind, struct, element.withInnerStruct(name)) : new FieldType(kind, name, null);
    }

    String javaType() {
        return isArray() ? "List<" + element.boxedType() + ">" : isStruct() ? struct : kind.javaType;
    }

    private String boxedType() {
        return isArray() || isStruct() ? javaType() : kind.boxedType;
    }

    boolean isReference() {
        return isArray() || isStruct() || !kind.isFixed() || kind == Kind.UUID;
    }

    @Override
    public String toString() {
        return isArray() ? "[]" + element : isStruct() ? struct : kind.name().toLowerCase(java.util.Locale.ROOT);
    }
}
