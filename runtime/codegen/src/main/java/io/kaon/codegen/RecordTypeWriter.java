// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.util.Comparator;
import java.util.List;

/** Writes the enum of the record types of the metadata journal. */
final class RecordTypeWriter {
    private static final String NAME = "MetadataRecordType";
    private static final String RECORD_SUFFIX = "Record";

    private RecordTypeWriter() {}

    static JavaSource write(String packageName, List<Schema> records) {
        requireDistinct(records);
        JavaSource source = new JavaSource(
                packageName, NAME, "io.kaon.wire.StateMessage", "java.util.Optional", "java.util.function.Supplier");
        source.line("/** The record types of the metadata journal. */");
        source.line("public enum %s {", NAME);
        records.stream().sorted(Comparator.comparingInt(Schema::apiKey)).forEach(record -> {
            source.line("/** {@link %s}, versions %s. */", record.name(), record.valid());
            source.line("%s(%s, %s::new),", constant(record), record.apiKey(), record.name());
        });
        source.line(";");
        members(source);
        source.line("}");
        return source;
    }

    private static void requireDistinct(List<Schema> records) {
        if (records.stream().map(Schema::apiKey).distinct().count() != records.size()) {
            throw new GenerationException(
                    "two metadata records have the same apiKey: %s",
                    records.stream()
                            .map(record -> record.name() + "=" + record.apiKey())
                            .toList());
        }
        records.stream().filter(record -> record.apiKey() < 0).findAny().ifPresent(record -> {
            throw new GenerationException("metadata record %s needs an apiKey", record.name());
        });
    }

    private static void members(JavaSource source) {
        source.line("");
        source.line("private final short id;");
        source.line("private final Supplier<StateMessage> maker;");
        source.line("");
        source.line("%s(int id, Supplier<StateMessage> maker) {", NAME);
        source.line("this.id = (short) id;");
        source.line("this.maker = maker;");
        source.line("}");
        source.line("");
        source.line("/** The number in the journal. */");
        source.line("public short id() {");
        source.line("return id;");
        source.line("}");
        source.line("");
        source.line("/** An empty record of this type. */");
        source.line("public StateMessage newRecord() {");
        source.line("return maker.get();");
        source.line("}");
        source.line("");
        source.line("/** The type of that number, if there is one. */");
        source.line("public static Optional<%s> of(int id) {", NAME);
        source.line("for (%s type : values()) {", NAME);
        source.line("if (type.id == id) {");
        source.line("return Optional.of(type);");
        source.line("}");
        source.line("}");
        source.line("return Optional.empty();");
        source.line("}");
    }

    private static String constant(Schema record) {
        String name = record.name();
        return ApiKeyWriter.constant(
                name.endsWith(RECORD_SUFFIX) ? name.substring(0, name.length() - RECORD_SUFFIX.length()) : name);
    }
}
