// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one version of a message looks like on the wire: every field in order, structures opened, tagged fields last.
 * Two definitions agree on a version when their layouts have the same shapes, whatever the names.
 */
final class Layout {
    /**
     * One line of it.
     *
     * @param path for complaints
     * @param shape what two definitions must agree on
     */
    record Line(String path, String shape) {}

    private final Schema schema;
    private final int version;
    private final List<Line> lines = new ArrayList<>();

    private Layout(Schema schema, int version) {
        this.schema = schema;
        this.version = version;
    }

    static List<Line> of(Schema schema, int version) {
        Layout layout = new Layout(schema, version);
        layout.open(schema.root(), "");
        return layout.lines;
    }

    private void open(Struct struct, String path) {
        for (Field field : untagged(struct, version)) {
            add(field, path, "");
        }
        for (Field field : tagged(struct, version)) {
            add(field, path, "tag " + field.tag() + " ");
        }
        lines.add(new Line(path + "end", schema.flexible().contains(version) ? "end with tags" : "end"));
    }

    private void add(Field field, String path, String prefix) {
        boolean compact = !field.type().kind().isFixed() && field.flexible().contains(version);
        String shape = prefix
                + anonymous(field.type())
                + (field.nullable().contains(version) ? " nullable" : "")
                + (compact ? " compact" : "");
        lines.add(new Line(path + field.name(), shape));
        String inner = field.type().innerStruct();
        if (!inner.isEmpty()) {
            open(schema.struct(inner), path + field.name() + ".");
        }
    }

    private static String anonymous(FieldType type) {
        return type.innerStruct().isEmpty()
                ? type.toString()
                : type.withInnerStruct("structure").toString();
    }

    /** The fields of that version in the order of the wire. */
    static List<Field> untagged(Struct struct, int version) {
        return struct.fields().stream()
                .filter(field ->
                        field.versions().contains(version) && !field.tagged().contains(version))
                .toList();
    }

    /** The tagged fields of that version in the order of their tags. */
    static List<Field> tagged(Struct struct, int version) {
        return struct.fields().stream()
                .filter(field -> field.tagged().contains(version))
                .sorted(Comparator.comparingInt(Field::tag))
                .toList();
    }
}
