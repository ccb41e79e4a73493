// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Set;

/** Writes the class of one message, with its structures as nested classes. */
final class MessageWriter {
    private static final Set<String> API_TYPES = Set.of("request", "response");
    private static final Set<String> STATE_TYPES = Set.of("coordinator-key", "coordinator-value", "metadata");

    private final Schema schema;
    private final JavaSource source;

    private MessageWriter(String packageName, Schema schema) {
        this.schema = schema;
        this.source = new JavaSource(
                packageName,
                schema.name(),
                "io.kaon.common.Checks",
                "io.kaon.common.Uuid",
                "io.kaon.wire.ApiMessage",
                "io.kaon.wire.BufferWriter",
                "io.kaon.wire.Message",
                "io.kaon.wire.RecordBytes",
                "io.kaon.wire.StateMessage",
                "io.kaon.wire.UnsupportedFieldException",
                "io.kaon.wire.WireReader",
                "io.kaon.wire.WireWriter",
                "java.util.ArrayList",
                "java.util.Arrays",
                "java.util.List",
                "java.util.Objects");
    }

    static JavaSource write(String packageName, Schema schema) {
        MessageWriter writer = new MessageWriter(packageName, schema);
        writer.topLevel();
        return writer.source;
    }

    private void topLevel() {
        source.line("/** {@code %s}, versions %s, %s. */", schema.name(), schema.valid(), flexibility());
        source.line("public final class %s implements %s {", schema.name(), superType());
        constants();
        new StructWriter(schema, schema.root(), source).members();
        identity();
        schema.structs().values().forEach(this::nested);
        source.line("}");
    }

    private String flexibility() {
        return schema.flexible().isEmpty() ? "never flexible" : "flexible in " + schema.flexible();
    }

    private String superType() {
        if (API_TYPES.contains(schema.type())) {
            return "ApiMessage";
        }
        return STATE_TYPES.contains(schema.type()) ? "StateMessage" : "Message";
    }

    private void constants() {
        if (STATE_TYPES.contains(schema.type())) {
            source.line("/** Tells this type of record from the others of its log. */");
            source.line("public static final short RECORD_TYPE = %s;", schema.apiKey());
            source.line("");
        }
        source.line("/** The oldest version that can be read and written. */");
        source.line(
                "public static final short LOWEST_VERSION = %s;", schema.valid().lowest());
        source.line("");
        source.line("/** The newest version that can be read and written. */");
        source.line(
                "public static final short HIGHEST_VERSION = %s;",
                schema.valid().highest());
        source.line("");
    }

    private void identity() {
        if (API_TYPES.contains(schema.type())) {
            number("apiKey", String.valueOf(schema.apiKey()));
        } else if (STATE_TYPES.contains(schema.type())) {
            number("recordType", "RECORD_TYPE");
        }
        if (!superType().equals("Message")) {
            number("lowestVersion", "LOWEST_VERSION");
            number("highestVersion", "HIGHEST_VERSION");
        }
        source.line("");
        source.line("private static void requireVersion(short version) {");
        source.line(
                "Checks.require(version >= LOWEST_VERSION && version <= HIGHEST_VERSION, \"%s has no version %%s\","
                        + " version);",
                schema.name());
        source.line("}");
    }

    private void number(String method, String value) {
        source.line("");
        source.line("@Override");
        source.line("public short %s() {", method);
        source.line("return %s;", value);
        source.line("}");
    }

    private void nested(Struct struct) {
        source.line("");
        source.line("/** {@code %s} in {@link %s}, versions %s. */", struct.name(), schema.name(), struct.versions());
        source.line("public static final class %s implements Message {", struct.name());
        new StructWriter(schema, struct, source).members();
        source.line("}");
    }
}
