// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds definitions: in Kafka's jars, and in a directory. */
final class SchemaSource {
    private static final List<String> FOLDERS = List.of("common/message", "message");

    private SchemaSource() {}

    /** All definitions of a jar, by message name. */
    static Map<String, Schema> inJar(Path jar) throws IOException {
        Map<String, Schema> found = new TreeMap<>();
        try (FileSystem files = FileSystems.newFileSystem(jar)) {
            for (String folder : FOLDERS) {
                found.putAll(inDirectory(files.getPath(folder)));
            }
        }
        if (found.isEmpty()) {
            throw new GenerationException("%s holds no message definitions", jar);
        }
        return found;
    }

    /** All definitions in a directory, by message name; none if it does not exist. */
    static Map<String, Schema> inDirectory(Path directory) throws IOException {
        Map<String, Schema> found = new TreeMap<>();
        for (Path file : jsonFiles(directory)) {
            Schema schema = SchemaParser.parse(file.toString(), Files.readString(file));
            if (found.put(schema.name(), schema) != null) {
                throw new GenerationException("%s defines '%s' a second time", file, schema.name());
            }
        }
        return found;
    }

    private static List<Path> jsonFiles(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> json = new ArrayList<>(
                    files.filter(file -> file.toString().endsWith(".json")).toList());
            json.sort(null);
            return json;
        }
    }
}
