// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the connector to its package table in {@code docs/architecture.md}. */
class ConnectorPackagesTest {
    private static final String BASE = "io.kaon.quarkus.";
    private static final Pattern ROW = Pattern.compile("\\| `(connector[a-z.]*)` \\| [^|]+ \\| ([^|]+) \\|");
    /** More is a package that nobody overlooks. */
    private static final long MOST_CLASSES = 32;

    private static Map<String, Set<String>> allowed;
    private static JavaClasses classes;

    @BeforeAll
    static void read() throws IOException, URISyntaxException {
        allowed = tableOf(Files.readAllLines(Path.of(System.getProperty("kaon.docs.dir"), "architecture.md")));
        // By place and without what they refer to: looked for by name, they are sought in every jar of the class path.
        ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
        String file = KaonConnector.class.getSimpleName() + ".class";
        classes = new ClassFileImporter()
                .importPath(
                        Path.of(KaonConnector.class.getResource(file).toURI()).getParent());
    }

    @Test
    void shouldHaveARowForEachPackage() {
        // When
        Set<String> packages = classes.stream()
                .map(type -> nameOf(type.getPackageName()))
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(packages).containsExactlyInAnyOrderElementsOf(allowed.keySet());
    }

    @Test
    void shouldImportOnlyWhatTheTableAllows() {
        // When
        Set<String> violations = classes.stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .filter(dependency ->
                        dependency.getTargetClass().getPackageName().startsWith(BASE + "connector"))
                .filter(dependency -> !isAllowed(dependency))
                .map(dependency -> dependency.getOriginClass().getName() + " -> "
                        + dependency.getTargetClass().getName())
                .collect(Collectors.toCollection(TreeSet::new));

        // Then
        assertThat(violations).isEmpty();
    }

    @Test
    void shouldLetPackagesImportOnlyThoseAboveThem() {
        // When
        List<String> above = new ArrayList<>();
        Map<String, Set<String>> backwards = new TreeMap<>();
        allowed.forEach((name, imports) -> {
            Set<String> others = new TreeSet<>(imports);
            above.forEach(others::remove);
            if (!others.isEmpty()) {
                backwards.put(name, others);
            }
            above.add(name);
        });

        // Then
        assertThat(backwards).isEmpty();
    }

    @Test
    void shouldKeepPackagesSmall() {
        // When
        Map<String, Long> tooLarge = classes.stream()
                .filter(JavaClass::isTopLevelClass)
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .collect(Collectors.groupingBy(JavaClass::getPackageName, TreeMap::new, Collectors.counting()));
        tooLarge.values().removeIf(count -> count <= MOST_CLASSES);

        // Then
        assertThat(tooLarge).isEmpty();
    }

    private static boolean isAllowed(Dependency dependency) {
        String from = nameOf(dependency.getOriginClass().getPackageName());
        String to = nameOf(dependency.getTargetClass().getPackageName());
        return from.equals(to) || allowed.getOrDefault(from, Set.of()).contains(to);
    }

    private static String nameOf(String packageName) {
        return packageName.substring(BASE.length());
    }

    private static Map<String, Set<String>> tableOf(List<String> lines) {
        Map<String, Set<String>> table = new LinkedHashMap<>();
        for (String line : lines) {
            Matcher row = ROW.matcher(line.trim());
            if (row.matches()) {
                table.put(row.group(1), importsOf(row.group(2)));
            }
        }
        return table;
    }

    private static Set<String> importsOf(String cell) {
        return Stream.of(cell.split(","))
                .map(String::trim)
                .filter(name -> !name.equals("–"))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
