// SPDX-License-Identifier: Apache-2.0
package io.kaon.console;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Runs a script that drives a browser: each line that it prints is a test. */
final class Browser {
    private static final Path SCRIPTS = Path.of(System.getProperty("kaon.console.dir", "."));
    private static final boolean REQUIRED = "required".equals(System.getProperty("kaon.clients"));
    private static final int LIMIT_SECONDS = 240;
    private static final String PASSED = "passed: ";
    private static final String FAILED = "failed: ";

    private Browser() {}

    /**
     * The scenarios of a script, after it has run. Without Node, Chromium or playwright-core they are skipped, unless
     * {@code -Dkaon.clients=required}.
     */
    static Stream<DynamicTest> scenarios(String script, String... arguments) {
        assumeTrue(REQUIRED || isThere(), "no node, chromium or playwright-core");
        List<String> words =
                new ArrayList<>(List.of("node", SCRIPTS.resolve(script).toString()));
        words.addAll(List.of(arguments));
        String printed = run(words);
        List<DynamicTest> tests = new ArrayList<>();
        for (String line : printed.split("\n")) {
            if (line.startsWith(PASSED)) {
                tests.add(DynamicTest.dynamicTest(line.substring(PASSED.length()), () -> {}));
            } else if (line.startsWith(FAILED)) {
                tests.add(DynamicTest.dynamicTest(line.substring(FAILED.length()), () -> {
                    throw new AssertionError(printed);
                }));
            }
        }
        if (tests.isEmpty()) {
            throw new AssertionError("the script " + script + " came to nothing:\n" + printed);
        }
        return tests.stream();
    }

    /** The tests of a script that needs Node alone. */
    static Stream<DynamicTest> tests(String script) {
        assumeTrue(REQUIRED || Files.isExecutable(Path.of("/usr/bin/node")), "no node");
        String printed = run(List.of(
                "node",
                "--experimental-default-type=module",
                "--test",
                "--test-reporter=tap",
                SCRIPTS.resolve(script).toString()));
        return printed.lines()
                .map(String::trim)
                .filter(line -> line.startsWith("ok ") || line.startsWith("not ok ") || line.startsWith(FAILED))
                .map(line -> DynamicTest.dynamicTest(line, () -> {
                    if (!line.startsWith("ok ")) {
                        throw new AssertionError(printed);
                    }
                }));
    }

    private static boolean isThere() {
        return Files.isDirectory(SCRIPTS.resolve("node_modules/playwright-core"))
                && Stream.of("/usr/bin/chromium").map(Path::of).anyMatch(Files::isExecutable);
    }

    private static String run(List<String> words) {
        try {
            Path printed = Files.createTempFile("kaon-console", ".log");
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectOutput(printed.toFile())
                    .start();
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(printed, StandardCharsets.UTF_8);
            Files.delete(printed);
            return process.exitValue() == 0 ? text : text + "\n" + FAILED + "the script ends well\n";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
