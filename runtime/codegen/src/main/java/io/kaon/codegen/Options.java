// SPDX-License-Identifier: Apache-2.0
package io.kaon.codegen;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The command line.
 *
 * @param output where the sources go
 * @param base the jar whose definitions count
 * @param older the jar that adds versions since removed
 * @param state jars with the record schemas of internal topics and snapshots
 * @param metadata a directory with our own definitions; it need not exist
 */
record Options(Path output, Path base, Path older, List<Path> state, Path metadata) {
    static Options parse(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i + 1 < arguments.length; i += 2) {
            values.put(arguments[i], arguments[i + 1]);
        }
        List<Path> state = Arrays.stream(value(values, "--state").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        return new Options(
                Path.of(value(values, "--output")),
                Path.of(value(values, "--base")),
                Path.of(value(values, "--older")),
                state,
                Path.of(value(values, "--metadata")));
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new GenerationException(
                    "%s is missing; all of --output --base --older --state --metadata are needed", key);
        }
        return value;
    }
}
