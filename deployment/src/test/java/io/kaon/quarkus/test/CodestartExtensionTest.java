// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.arc.ClientProxy;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.enterprise.inject.spi.CDI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.jboss.shrinkwrap.api.asset.ByteArrayAsset;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The application that {@code quarkus create app} makes for this extension: its sources as they lie in the codestart,
 * compiled and run. (What Quarkus makes of its template of a README is not looked at.)
 */
class CodestartExtensionTest {
    private static final Path CODESTART = Path.of(System.getProperty("kaon.docs.dir"))
            .resolveSibling("extension/src/main/codestarts/quarkus/kaon-codestart");

    @RegisterExtension
    static final QuarkusUnitTest application =
            new QuarkusUnitTest().withApplicationRoot(CodestartExtensionTest::addCodestart);

    @Test
    void shouldPrintWhatTheTickerSendsFromTheBeginning() throws ReflectiveOperationException {
        // Given
        Class<?> type = Thread.currentThread().getContextClassLoader().loadClass("org.acme.kaon.Printer");
        Object printer = ClientProxy.unwrap(CDI.current().select(type).get());
        Method printed = type.getDeclaredMethod("printed");
        printed.setAccessible(true);

        // When
        await().atMost(Duration.ofSeconds(30)).until(() -> ((List<?>) printed.invoke(printer)).size() >= 2);

        // Then
        assertThat((List<?>) printed.invoke(printer)).first().isEqualTo(0L);
    }

    private static void addCodestart(JavaArchive jar) {
        try {
            Path classes = Files.createTempDirectory("kaon-codestart");
            compile(files(CODESTART.resolve("java/src/main/java")), classes);
            for (Path file : files(classes)) {
                jar.addAsResource(
                        new ByteArrayAsset(Files.readAllBytes(file)),
                        classes.relativize(file).toString());
                Files.delete(file);
            }
            jar.addAsResource(
                    new StringAsset(properties(
                            Files.readAllLines(CODESTART.resolve("base/src/main/resources/application.yml")))),
                    "application.properties");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void compile(List<Path> sources, Path classes) {
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-parameters", "-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        sources.forEach(source -> arguments.add(source.toString()));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Keys with two spaces a level, as the codestart's file has them; Quarkus makes the same of it. */
    private static String properties(List<String> yaml) {
        StringBuilder properties = new StringBuilder();
        Deque<String> path = new ArrayDeque<>();
        for (String line : yaml) {
            int level = (line.length() - line.stripLeading().length()) / 2;
            while (path.size() > level) {
                path.removeLast();
            }
            String[] keyAndValue = line.strip().split(":", 2);
            path.addLast(keyAndValue[0]);
            if (!keyAndValue[1].isBlank()) {
                properties
                        .append(String.join(".", path))
                        .append('=')
                        .append(keyAndValue[1].strip())
                        .append('\n');
            }
        }
        return properties.toString();
    }
}
