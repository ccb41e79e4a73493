// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Comparator;
import java.util.List;

/** Writes the members of one class: fields, {@code read}, {@code write}; accessors are {@link AccessorWriter}'s. */
final class StructWriter {
    private final Schema schema;
    private final Struct struct;
    private final List<Field> fields;
    private final JavaSource source;

    StructWriter(Schema schema, Struct struct, JavaSource source) {
        this.schema = schema;
        this.struct = struct;
        this.fields = struct.fields().stream()
                .filter(field -> !field.versions().isEmpty())
                .toList();
        this.source = source;
    }

    void members() {
        constants();
        for (Field field : fields) {
            source.line(
                    "private %s %s = %s;",
                    field.type().javaType(), field.javaName(), new DefaultValue(field).expression());
        }
        factory();
        read();
        write();
        for (Field field : fields) {
            new FieldReader(schema, field).arrayMethod(source);
        }
        new AccessorWriter(struct.name(), fields, source).members();
    }

    private void constants() {
        for (Field field : fields) {
            DefaultValue value = new DefaultValue(field);
            if (value.needsConstant() && isCompared(field)) {
                source.line(
                        "private static final %s %s = %s;",
                        field.type().javaType(), value.constant(), value.expression());
            }
        }
    }

    private boolean isCompared(Field field) {
        return !field.tagged().isEmpty()
                || !field.ignorable() && !field.versions().containsAll(struct.versions());
    }

    private void factory() {
        source.line("");
        source.line("/** Reads a new one. */");
        source.line("public static %s from(WireReader in, short version) {", struct.name());
        source.line("%s message = new %s();", struct.name(), struct.name());
        source.line("message.read(in, version);");
        source.line("return message;");
        source.line("}");
    }

    private void read() {
        source.line("");
        source.line("@Override");
        source.line("public void read(WireReader in, short version) {");
        versionCheck();
        for (Field field : fields) {
            readRegular(field);
        }
        readTagged();
        source.line("}");
    }

    private void versionCheck() {
        if (struct == schema.root()) {
            source.line("requireVersion(version);");
        }
    }

    private void readRegular(Field field) {
        Versions regular = field.versions().minus(field.tagged());
        String name = "this." + field.javaName();
        String otherwise = new DefaultValue(field).expression();
        if (regular.isEmpty()) {
            source.line("%s = %s;", name, otherwise);
            return;
        }
        String read = new FieldReader(schema, field).expression(regular);
        if (regular.containsAll(struct.versions())) {
            source.line("%s = %s;", name, read);
            return;
        }
        source.line("if (%s) {", regular.condition(struct.versions()));
        source.line("%s = %s;", name, read);
        source.line("} else {");
        source.line("%s = %s;", name, otherwise);
        source.line("}");
    }

    private void readTagged() {
        Versions flexible = schema.flexible().and(struct.versions());
        if (flexible.isEmpty()) {
            return;
        }
        boolean always = flexible.containsAll(struct.versions());
        if (!always) {
            source.line("if (%s) {", flexible.condition(struct.versions()));
        }
        List<Field> tagged = taggedFields();
        if (tagged.isEmpty()) {
            source.line("in.skipTaggedFields();");
        } else {
            readTaggedLoop(tagged);
        }
        if (!always) {
            source.line("}");
        }
    }

    private void readTaggedLoop(List<Field> tagged) {
        Versions flexible = schema.flexible().and(struct.versions());
        source.line("int tags = in.readTaggedFieldCount();");
        source.line("int tag = -1;");
        source.line("for (int i = 0; i < tags; i++) {");
        source.line("tag = in.readTag(tag);");
        String opening = "if";
        for (Field field : tagged) {
            source.line(
                    "%s (%s) {",
                    opening, and("tag == " + field.tag(), field.tagged().condition(flexible)));
            source.line("int hidden = in.beginTaggedField();");
            source.line("this.%s = %s;", field.javaName(), new FieldReader(schema, field).expression(field.tagged()));
            source.line("in.endTaggedField(hidden);");
            opening = "} else if";
        }
        source.line("} else {");
        source.line("in.skip(in.readTaggedFieldSize());");
        source.line("}");
        source.line("}");
    }

    private void write() {
        source.line("");
        source.line("@Override");
        source.line("public void write(WireWriter out, short version) {");
        versionCheck();
        for (Field field : fields) {
            writeRegular(field);
        }
        writeTagged();
        source.line("}");
    }

    private void writeRegular(Field field) {
        FieldWriter writer = new FieldWriter(schema, struct, field);
        writer.absenceCheck(source);
        Versions regular = field.versions().minus(field.tagged());
        if (regular.isEmpty()) {
            return;
        }
        boolean always = regular.containsAll(struct.versions());
        if (!always) {
            source.line("if (%s) {", regular.condition(struct.versions()));
        }
        writer.statements(source, "out", regular);
        if (!always) {
            source.line("}");
        }
    }

    private void writeTagged() {
        Versions flexible = schema.flexible().and(struct.versions());
        if (flexible.isEmpty()) {
            return;
        }
        boolean always = flexible.containsAll(struct.versions());
        if (!always) {
            source.line("if (%s) {", flexible.condition(struct.versions()));
        }
        List<Field> tagged = taggedFields();
        if (tagged.isEmpty()) {
            source.line("out.writeUnsignedVarint(0);");
        } else {
            source.line("int tags = 0;");
            tagged.forEach(field -> {
                source.line("if (%s) {", isToBeWritten(field));
                source.line("tags++;");
                source.line("}");
            });
            source.line("out.writeUnsignedVarint(tags);");
            tagged.forEach(this::writeTaggedField);
        }
        if (!always) {
            source.line("}");
        }
    }

    private void writeTaggedField(Field field) {
        FieldWriter writer = new FieldWriter(schema, struct, field);
        source.line("if (%s) {", isToBeWritten(field));
        if (field.type().kind().isFixed()) {
            source.line("out.writeUnsignedVarint(%s);", field.tag());
            source.line("out.writeUnsignedVarint(%s);", field.type().kind().size());
            writer.statements(source, "out", field.tagged());
        } else {
            source.line("BufferWriter content = new BufferWriter();");
            writer.statements(source, "content", field.tagged());
            source.line("out.writeTaggedField(%s, content);", field.tag());
        }
        source.line("}");
    }

    private String isToBeWritten(Field field) {
        Versions flexible = schema.flexible().and(struct.versions());
        return and(field.tagged().condition(flexible), new DefaultValue(field).isNot());
    }

    private List<Field> taggedFields() {
        return fields.stream()
                .filter(field -> !field.tagged().isEmpty())
                .sorted(Comparator.comparingInt(Field::tag))
                .toList();
    }

    private static String and(String left, String right) {
        if (left.equals("true")) {
            return right;
        }
        return right.equals("true") ? left : left + " && " + right;
    }
}
