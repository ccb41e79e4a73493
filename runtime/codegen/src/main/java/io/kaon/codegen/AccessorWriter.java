// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.List;

/** Writes getters, setters, {@code equals}, {@code hashCode} and {@code toString}. */
final class AccessorWriter {
    private static final int UINT16_MAX = 0xffff;
    private static final long UINT32_MAX = 0xffffffffL;

    private final String className;
    private final List<Field> fields;
    private final JavaSource source;

    AccessorWriter(String className, List<Field> fields, JavaSource source) {
        this.className = className;
        this.fields = fields;
        this.source = source;
    }

    void members() {
        fields.forEach(this::accessors);
        equality();
        hash();
        text();
    }

    private void accessors(Field field) {
        String type = field.type().javaType();
        source.line("");
        source.line(
                "/** {@code %s}: %s, versions %s%s. */", field.name(), field.type(), field.versions(), remarks(field));
        source.line("public %s %s() {", type, field.javaName());
        source.line("return this.%s;", field.javaName());
        source.line("}");
        source.line("");
        source.line(
                "/** Sets {@code %s}%s. */", field.name(), field.ignorable() ? "; versions without it drop it" : "");
        source.line("public %s %s(%s %s) {", className, field.setterName(), type, field.javaName());
        rangeCheck(field);
        source.line("this.%s = %s;", field.javaName(), field.javaName());
        source.line("return this;");
        source.line("}");
    }

    private static String remarks(Field field) {
        String nullable = field.nullable().isEmpty() ? "" : ", nullable in " + field.nullable();
        return nullable + (field.tagged().isEmpty() ? "" : ", tag " + field.tag() + " in " + field.tagged());
    }

    private void rangeCheck(Field field) {
        Kind kind = field.type().kind();
        if (kind == Kind.UINT16 || kind == Kind.UINT32) {
            String limit = kind == Kind.UINT16 ? String.valueOf(UINT16_MAX) : UINT32_MAX + "L";
            source.line(
                    "Checks.require(%s >= 0 && %s <= %s, \"%s must lie in 0-%s, was %%s\", %s);",
                    field.javaName(),
                    field.javaName(),
                    limit,
                    field.javaName(),
                    limit.replace("L", ""),
                    field.javaName());
        }
    }

    private void equality() {
        source.line("");
        source.line("@Override");
        source.line("public boolean equals(Object object) {");
        source.line("if (this == object) {");
        source.line("return true;");
        source.line("}");
        source.line("if (!(object instanceof %s)) {", className);
        source.line("return false;");
        source.line("}");
        if (!fields.isEmpty()) {
            source.line("%s other = (%s) object;", className, className);
        }
        for (Field field : fields) {
            source.line("if (!%s) {", equal(field));
            source.line("return false;");
            source.line("}");
        }
        source.line("return true;");
        source.line("}");
    }

    private static String equal(Field field) {
        String mine = "this." + field.javaName();
        String its = "other." + field.javaName();
        return switch (field.type().kind()) {
            case BYTES -> "Arrays.equals(" + mine + ", " + its + ")";
            case FLOAT64 -> "(Double.compare(" + mine + ", " + its + ") == 0)";
            default ->
                field.type().isReference()
                        ? "Objects.equals(" + mine + ", " + its + ")"
                        : "(" + mine + " == " + its + ")";
        };
    }

    private void hash() {
        source.line("");
        source.line("@Override");
        source.line("public int hashCode() {");
        source.line("int hash = 0;");
        for (Field field : fields) {
            source.line("hash = 31 * hash + %s;", hash(field));
        }
        source.line("return hash;");
        source.line("}");
    }

    private static String hash(Field field) {
        String mine = "this." + field.javaName();
        if (field.type().kind() == Kind.BYTES) {
            return "Arrays.hashCode(" + mine + ")";
        }
        return field.type().isReference()
                ? "Objects.hashCode(" + mine + ")"
                : field.type().kind().boxedType + ".hashCode(" + mine + ")";
    }

    /** Bytes and records appear as their size only: they may be large, or secret. */
    private void text() {
        source.line("");
        source.line("@Override");
        source.line("public String toString() {");
        source.line("return \"%s(\"", className);
        String separator = "";
        for (Field field : fields) {
            source.line("        + \"%s%s=\" + %s", separator, field.javaName(), text(field));
            separator = ", ";
        }
        source.line("        + \")\";");
        source.line("}");
    }

    private static String text(Field field) {
        String mine = "this." + field.javaName();
        return switch (field.type().kind()) {
            case BYTES -> "(" + mine + " == null ? \"null\" : \"bytes[\" + " + mine + ".length + \"]\")";
            case RECORDS -> "(" + mine + " == null ? \"null\" : \"records[\" + " + mine + ".sizeInBytes() + \"]\")";
            default -> mine;
        };
    }
}
