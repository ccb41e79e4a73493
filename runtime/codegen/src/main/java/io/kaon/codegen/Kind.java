// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Locale;

/**
 * The primitive types of the notation, what they are in Java, and how generated code reads and writes the fixed ones.
 */
enum Kind {
    BOOL("boolean", "Boolean", 1, "false"),
    INT8("byte", "Byte", 1, "0"),
    INT16("short", "Short", 2, "0"),
    UINT16("int", "Integer", 2, "0"),
    INT32("int", "Integer", 4, "0"),
    UINT32("long", "Long", 4, "0"),
    INT64("long", "Long", 8, "0"),
    FLOAT64("double", "Double", 8, "0.0"),
    UUID("Uuid", "Uuid", 16, "Uuid.ZERO"),
    STRING("String", "String", Kind.VARIABLE, "\"\""),
    BYTES("byte[]", "byte[]", Kind.VARIABLE, null),
    RECORDS("RecordBytes", "RecordBytes", Kind.VARIABLE, "null"),
    STRUCT(null, null, Kind.VARIABLE, null),
    ARRAY(null, null, Kind.VARIABLE, null);

    private static final int VARIABLE = -1;

    final String javaType;
    final String boxedType;
    final String zero;
    private final int size;

    Kind(String javaType, String boxedType, int size, String zero) {
        this.javaType = javaType;
        this.boxedType = boxedType;
        this.size = size;
        this.zero = zero;
    }

    boolean isFixed() {
        return size != VARIABLE;
    }

    /** Bytes on the wire, of the fixed ones. */
    int size() {
        if (!isFixed()) {
            throw new GenerationException("%s has no fixed size", this);
        }
        return size;
    }

    boolean isIntegral() {
        return this != UUID && this != FLOAT64 && this != BOOL && isFixed();
    }

    /** The method of the reader, of the fixed ones. */
    String reader() {
        return "in.read" + suffix() + "()";
    }

    /** The statement that writes the expression, of the fixed ones. */
    String writer(String out, String value) {
        return switch (this) {
            case UINT16 -> out + ".writeShort(" + value + ");";
            case UINT32 -> out + ".writeInt((int) " + value + ");";
            default -> out + ".write" + suffix() + "(" + value + ");";
        };
    }

    private String suffix() {
        return switch (this) {
            case BOOL -> "Boolean";
            case INT8 -> "Byte";
            case INT16 -> "Short";
            case UINT16 -> "UnsignedShort";
            case INT32 -> "Int";
            case UINT32 -> "UnsignedInt";
            case INT64 -> "Long";
            case FLOAT64 -> "Double";
            case UUID -> "Uuid";
            default -> throw new GenerationException("%s is not of a fixed size", this);
        };
    }

    static Kind named(String name) {
        for (Kind kind : values()) {
            if (kind != STRUCT
                    && kind != ARRAY
                    && kind.name().toLowerCase(Locale.ROOT).equals(name)) {
                return kind;
            }
        }
        return STRUCT;
    }
}
