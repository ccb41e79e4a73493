// SPDX-License-Identifier: Apache-2.0
package io.kaon.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Holds the code to the package table of {@code docs/architecture.md}. */
@DisabledIfSystemProperty(named = "kaon.quick", matches = "true")
class ArchitectureTest {
    private static final String BASE = "io.kaon.";
    private static final Pattern ROW = Pattern.compile("\\| `([a-z.]+)` \\| [^|]+ \\| ([^|]+) \\|");
    private static final Set<String> EVERYBODY = Set.of("common", "wire", "wire.state");
    /** Libraries, and the packages that alone may see them. */
    private static final Map<String, Set<String>> LIBRARIES = Map.of(
            "io.vertx.", Set.of("network", "broker"),
            "io.netty.", Set.of("network"),
            "net.jpountz.", Set.of("record.codec"),
            "org.xerial.", Set.of("record.codec"),
            "com.github.luben.", Set.of("record.codec"),
            "com.google.re2j.", Set.of("coordinator.group"),
            "com.fasterxml.jackson.", Set.of("broker", "admin"),
            "org.apache.kafka.", Set.of());

    private static Map<String, Set<String>> allowed;
    private static JavaClasses classes;

    @BeforeAll
    static void read() throws IOException {
        allowed = tableOf(Files.readAllLines(Path.of(System.getProperty("kaon.docs.dir"), "architecture.md")));
        classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.kaon");
    }

    @Test
    void shouldHaveARowForEachPackage() {
        // When
        Set<String> withoutRow = classes.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> rowOf(name).isEmpty())
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(allowed).containsKeys("common", "storage", "network");
        assertThat(withoutRow).isEmpty();
    }

    @Test
    void shouldImportOnlyWhatTheTableAllows() {
        // When
        Set<String> violations = classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency ->
                        dependency.getTargetClass().getPackageName().startsWith(BASE))
                .filter(dependency -> !isAllowed(dependency))
                .map(ArchitectureTest::describe)
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldKeepLibrariesWhereTheyBelong() {
        // When
        Set<String> violations = classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency -> LIBRARIES.entrySet().stream()
                        .anyMatch(
                                library -> dependency.getTargetClass().getName().startsWith(library.getKey())
                                        && !library.getValue()
                                                .contains(rowOf(dependency
                                                        .getOriginClass()
                                                        .getPackageName()))))
                .map(ArchitectureTest::describe)
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(violations).isEmpty();
    }

    private static boolean isAllowed(Dependency dependency) {
        String from = rowOf(dependency.getOriginClass().getPackageName());
        String target = dependency.getTargetClass().getPackageName().substring(BASE.length());
        String to = rowOf(BASE + target);
        return from.equals(to)
                || EVERYBODY.contains(to)
                || allowed.get(from).contains(to)
                || allowed.get(from).contains(target);
    }

    /** The longest row that names the package or one above it; empty when there is none. */
    private static String rowOf(String packageName) {
        if (!packageName.startsWith(BASE)) {
            return "";
        }
        String name = packageName.substring(BASE.length());
        return allowed.keySet().stream()
                .filter(row -> name.equals(row) || name.startsWith(row + "."))
                .reduce("", (a, b) -> a.length() > b.length() ? a : b);
    }

    private static String describe(Dependency dependency) {
        return dependency.getOriginClass().getName() + " -> "
                + dependency.getTargetClass().getName();
    }

    private static Map<String, Set<String>> tableOf(List<String> lines) {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher matcher = ROW.matcher(line.trim());
            if (matcher.matches()) {
                table.put(
                        matcher.group(1),
                        Stream.of(matcher.group(2).split(",")).map(String::trim).collect(Collectors.toSet()));
            }
        }
        return table;
    }
}
