// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

/** Writes the code that reads one field. */
final class FieldReader {
    private final Schema schema;
    private final Field field;
    private final FieldType type;

    FieldReader(Schema schema, Field field) {
        this.schema = schema;
        this.field = field;
        this.type = field.type();
    }

    /** A Java expression that reads the field in any of these versions. */
    String expression(Versions within) {
        if (type.isArray()) {
            return arrayReader() + "(in, version)";
        }
        if (type.kind().isFixed()) {
            return type.kind().reader();
        }
        Versions nullable = field.nullable().and(within);
        String nullCase = nullable(within);
        String otherCase = notNullable(within);
        if (nullable.isEmpty()) {
            return otherCase;
        }
        return nullable.equals(within) ? nullCase : nullable.condition(within) + " ? " + nullCase + " : " + otherCase;
    }

    private String nullable(Versions within) {
        if (type.isStruct()) {
            // A tagged structure is preceded by the varint 0 or 1, any other by the byte -1 or 1.
            boolean tagged = field.tagged().containsAll(within);
            return (tagged ? "in.readUnsignedVarint() == 0" : "in.readByte() < 0") + " ? null : " + notNullable(within);
        }
        return "in.readNullable" + suffix(type.kind()) + "(" + length(type.kind(), within) + ")";
    }

    private String notNullable(Versions within) {
        if (type.isStruct()) {
            return type.struct() + ".from(in, version)";
        }
        return "in.read" + suffix(type.kind()) + "(" + length(type.kind(), within) + ", \"" + field.javaName() + "\")";
    }

    /** A method that reads the array, if this is one. */
    void arrayMethod(JavaSource source) {
        if (!type.isArray()) {
            return;
        }
        Versions within = field.versions();
        int elementSize = schema.minimalSize(type.element(), field, within);
        if (elementSize == 0) {
            throw new GenerationException(
                    "%s.%s has elements of no size, so their number has no bound", schema.name(), field.name());
        }
        source.line("");
        source.line("private static %s %s(WireReader in, short version) {", type.javaType(), arrayReader());
        countLines(source, within, elementSize);
        source.line("%s elements = new ArrayList<>(WireReader.initialCapacity(count));", type.javaType());
        source.line("for (int i = 0; i < count; i++) {");
        source.line("elements.add(%s);", element(within));
        source.line("}");
        source.line("return elements;");
        source.line("}");
    }

    private void countLines(JavaSource source, Versions within, int elementSize) {
        Versions nullable = field.nullable();
        source.line("int length = %s;", length(Kind.ARRAY, within));
        if (nullable.isEmpty()) {
            source.line("int count = in.requireCount(length, %s, \"%s\");", elementSize, field.javaName());
            return;
        }
        source.line(
                nullable.equals(within)
                        ? "if (length < 0) {"
                        : "if (length < 0 && " + nullable.condition(within) + ") {");
        source.line("return null;");
        source.line("}");
        source.line("int count = in.requireCount(length, %s, \"%s\");", elementSize, field.javaName());
    }

    private String element(Versions within) {
        FieldType element = type.element();
        if (element.isStruct()) {
            return element.struct() + ".from(in, version)";
        }
        if (element.kind().isFixed()) {
            return element.kind().reader();
        }
        if (element.isArray() || element.kind() == Kind.RECORDS) {
            throw new GenerationException(
                    "%s.%s: arrays of %s are not supported", schema.name(), field.name(), element);
        }
        return "in.read" + suffix(element.kind()) + "(" + length(element.kind(), within) + ", \"element of "
                + field.javaName() + "\")";
    }

    private String arrayReader() {
        return "read" + field.setterName().substring("set".length());
    }

    private String length(Kind kind, Versions within) {
        Versions flexible = field.flexible().and(within);
        String plain = kind == Kind.STRING ? "in.readShortLength()" : "in.readIntLength()";
        if (flexible.isEmpty()) {
            return plain;
        }
        String compact = "in.readCompactLength()";
        return flexible.equals(within) ? compact : flexible.condition(within) + " ? " + compact + " : " + plain;
    }

    private static String suffix(Kind kind) {
        return switch (kind) {
            case STRING -> "String";
            case BYTES -> "Bytes";
            case RECORDS -> "Records";
            default -> throw new GenerationException("%s has no length", kind);
        };
    }
}
