// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

/** Writes the code that writes one field. */
final class FieldWriter {
    private final Schema schema;
    private final Struct struct;
    private final Field field;
    private final FieldType type;
    private final String value;

    FieldWriter(Schema schema, Struct struct, Field field) {
        this.schema = schema;
        this.struct = struct;
        this.field = field;
        this.type = field.type();
        this.value = "this." + field.javaName();
    }

    /** Statements that write the field to {@code out} in any of these versions. */
    void statements(JavaSource source, String out, Versions within) {
        nullCheck(source, within);
        if (type.kind().isFixed()) {
            source.line(type.kind().writer(out, value));
        } else if (type.isStruct()) {
            structure(source, out, within);
        } else if (type.isArray()) {
            array(source, out, within);
        } else {
            lengthPrefixed(source, out, type.kind(), value, within);
        }
    }

    /** Refuses to lose a value in the versions that have no such field. */
    void absenceCheck(JavaSource source) {
        Versions absent = struct.versions().minus(field.versions());
        if (absent.isEmpty() || field.ignorable()) {
            return;
        }
        source.line("if (%s && %s) {", absent.condition(struct.versions()), new DefaultValue(field).isNot());
        source.line(
                "throw UnsupportedFieldException.absent(\"%s\", \"%s\", version);", struct.name(), field.javaName());
        source.line("}");
    }

    private void nullCheck(JavaSource source, Versions within) {
        Versions notNull = within.minus(field.nullable());
        if (!type.isReference() || notNull.isEmpty()) {
            return;
        }
        String where = notNull.equals(within) ? "" : " && " + notNull.condition(within);
        source.line("if (%s == null%s) {", value, where);
        source.line(
                "throw UnsupportedFieldException.isNull(\"%s\", \"%s\", version);", struct.name(), field.javaName());
        source.line("}");
    }

    private void structure(JavaSource source, String out, Versions within) {
        Versions nullable = field.nullable().and(within);
        if (nullable.isEmpty()) {
            source.line("%s.write(%s, version);", value, out);
            return;
        }
        // A tagged structure is preceded by the varint 0 or 1, any other by the byte -1 or 1.
        String marker = field.tagged().containsAll(within)
                ? out + ".writeUnsignedVarint(" + value + " == null ? 0 : 1);"
                : out + ".writeByte(" + value + " == null ? -1 : 1);";
        if (nullable.equals(within)) {
            source.line(marker);
        } else {
            source.line("if (%s) {", nullable.condition(within));
            source.line(marker);
            source.line("}");
        }
        source.line("if (%s != null) {", value);
        source.line("%s.write(%s, version);", value, out);
        source.line("}");
    }

    private void array(JavaSource source, String out, Versions within) {
        boolean nullable = !field.nullable().and(within).isEmpty();
        String count = nullable ? value + " == null ? -1 : " + value + ".size()" : value + ".size()";
        choose(source, within, out + ".writeCompactLength(" + count + ");", out + ".writeInt(" + count + ");");
        if (nullable) {
            source.line("if (%s != null) {", value);
        }
        FieldType element = type.element();
        source.line("for (%s element : %s) {", element.javaType(), value);
        if (element.isStruct()) {
            source.line("element.write(%s, version);", out);
        } else if (element.kind().isFixed()) {
            source.line(element.kind().writer(out, "element"));
        } else {
            lengthPrefixed(source, out, element.kind(), "Objects.requireNonNull(element)", within);
        }
        source.line("}");
        if (nullable) {
            source.line("}");
        }
    }

    private void lengthPrefixed(JavaSource source, String out, Kind kind, String expression, Versions within) {
        String what =
                switch (kind) {
                    case STRING -> "String";
                    case BYTES -> "LengthAndBytes";
                    case RECORDS -> "LengthAndRecords";
                    default ->
                        throw new GenerationException("%s.%s: cannot write %s", schema.name(), field.name(), kind);
                };
        choose(
                source,
                within,
                out + ".writeCompact" + what + "(" + expression + ");",
                out + ".write" + what + "(" + expression + ");");
    }

    private void choose(JavaSource source, Versions within, String compact, String plain) {
        Versions flexible = field.flexible().and(within);
        if (flexible.isEmpty()) {
            source.line(plain);
        } else if (flexible.equals(within)) {
            source.line(compact);
        } else {
            source.line("if (%s) {", flexible.condition(within));
            source.line(compact);
            source.line("} else {");
            source.line(plain);
            source.line("}");
        }
    }
}
