// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

/** What a field holds before anybody sets it, and how generated code tells that somebody did. */
final class DefaultValue {
    private final Field field;
    private final FieldType type;

    DefaultValue(Field field) {
        this.field = field;
        this.type = field.type();
        if (field.isNullByDefault() && field.nullable().isEmpty()) {
            throw new GenerationException("field '%s' is null by default but never nullable", field.name());
        }
    }

    /** A Java expression. */
    String expression() {
        if (field.isNullByDefault()) {
            return "null";
        }
        if (type.isArray()) {
            return "new ArrayList<>(0)";
        }
        return switch (type.kind()) {
            case STRUCT -> "new " + type.struct() + "()";
            case BYTES -> "new byte[0]";
            case STRING -> "\"" + field.defaultValue() + "\"";
            case BOOL -> String.valueOf(Boolean.parseBoolean(field.defaultValue()));
            case RECORDS, UUID, FLOAT64 -> field.defaultValue().isEmpty() ? type.kind().zero : field.defaultValue();
            default -> integral();
        };
    }

    /**
     * The constant that {@link #isNot} compares a structure with, so that no message pays for a fresh one; never
     * handed out.
     */
    String constant() {
        return "DEFAULT_" + ApiKeyWriter.constant(field.name());
    }

    boolean needsConstant() {
        return type.isStruct() && !field.isNullByDefault();
    }

    private String integral() {
        if (field.defaultValue().isEmpty()) {
            return type.kind().zero;
        }
        try {
            long value = Long.decode(field.defaultValue());
            return switch (type.kind()) {
                case INT8 -> "(byte) " + value;
                case INT16 -> "(short) " + value;
                case INT64, UINT32 -> value + "L";
                default -> String.valueOf(value);
            };
        } catch (NumberFormatException e) {
            throw new GenerationException(
                    "field '%s' cannot have '%s' as its default", field.name(), field.defaultValue());
        }
    }

    /**
     * A Java condition, safe as an operand of {@code &&}, that holds when the field has another value than this one.
     */
    String isNot() {
        String value = "this." + field.javaName();
        if (field.isNullByDefault() || type.kind() == Kind.RECORDS) {
            return value + " != null";
        }
        String differs;
        if (type.isArray()) {
            differs = "!" + value + ".isEmpty()";
        } else if (type.kind() == Kind.BYTES) {
            differs = value + ".length != 0";
        } else if (type.kind() == Kind.STRING && field.defaultValue().isEmpty()) {
            differs = "!" + value + ".isEmpty()";
        } else if (type.kind() == Kind.BOOL) {
            return expression().equals("true") ? "!" + value : value;
        } else if (type.isReference()) {
            differs = "!" + value + ".equals(" + (type.isStruct() ? constant() : expression()) + ")";
        } else {
            return value + " != " + expression();
        }
        return "(" + value + " == null || " + differs + ")";
    }
}
