// SPDX-License-Identifier: Apache-2.0
package io.kaon.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that somebody else wrote, run to its end: its exit code and everything it printed. */
record Command(int exitCode, String output) {
    static final Duration LIMIT = Duration.ofMinutes(4);

    /** Runs a program with nothing on its standard input. */
    static Command run(List<String> words) {
        return run(words, "", Map.of());
    }

    /** Runs a program that reads {@code input} and then end of file; it is ended by force after four minutes. */
    static Command run(List<String> words, String input, Map<String, String> environment) {
        try {
            Path output = Files.createTempFile("kaon-command", ".out");
            Path inputFile = Files.writeString(Files.createTempFile("kaon-command", ".in"), input);
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(inputFile.toFile())
                    .redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            Files.delete(inputFile);
            return ended
                    ? new Command(process.exitValue(), printed)
                    : new Command(-1, printed + "\n(did not end within " + LIMIT + ")");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a program ran", interrupted);
        }
    }

    /** The output of a program that must succeed. */
    String succeeded() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + "\n" + output);
        }
        return output;
    }
}
