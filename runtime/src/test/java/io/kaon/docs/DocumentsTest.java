// SPDX-License-Identifier: Apache-2.0
package io.kaon.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the pages in {@code docs} together: no dead link, no page that nobody finds, no code that is no longer so. */
class DocumentsTest {
    private static final Path DOCS =
            Path.of(System.getProperty("kaon.docs.dir")).toAbsolutePath().normalize();
    private static final Path INDEX = DOCS.resolve("README.md");
    private static final Path FRONT = DOCS.resolveSibling("README.md");

    @Test
    void shouldHaveNoDeadLinks() throws IOException {
        // Given
        List<String> dead = new ArrayList<>();

        // When
        for (Page page : pages()) {
            for (String link : page.links()) {
                if (isDead(page, link)) {
                    dead.add(DOCS.getParent().relativize(page.path()) + ": " + link);
                }
            }
        }

        // Then
        assertThat(dead).isEmpty();
    }

    @Test
    void shouldReachEveryPageFromTheIndex() throws IOException {
        // Given
        Set<Path> found = new HashSet<>();
        Deque<Path> toRead = new ArrayDeque<>(List.of(INDEX));

        // When
        while (!toRead.isEmpty()) {
            Page page = Page.read(toRead.poll());
            for (String link : page.links()) {
                for (Path next : pagesAt(page.target(link))) {
                    if (found.add(next)) {
                        toRead.add(next);
                    }
                }
            }
        }

        // Then
        assertThat(found)
                .containsAll(pages().stream()
                        .map(Page::path)
                        .filter(page -> page.startsWith(DOCS) && !page.equals(INDEX))
                        .toList());
        assertThat(Page.read(FRONT).links()).contains("docs/README.md");
    }

    @Test
    void shouldShowCodeAsItStandsInTheFilesThatItIsFrom() throws IOException {
        // Given
        List<String> wrong = new ArrayList<>();

        // When
        for (Page page : pages()) {
            for (Page.Snippet snippet : page.snippets()) {
                String file = unindented(Files.readString(snippet.file()));
                int from = 0;
                for (String part : snippet.parts()) {
                    int at = file.indexOf(unindented(part), from);
                    if (at < 0) {
                        wrong.add(page.path().getFileName() + ", from " + snippet.file() + ":\n" + part);
                        break;
                    }
                    from = at;
                }
            }
        }

        // Then
        assertThat(wrong).isEmpty();
    }

    private static boolean isDead(Page page, String link) {
        Path target = page.target(link);
        if (!Files.exists(target)) {
            return true;
        }
        int anchor = link.indexOf('#');
        return anchor >= 0
                && target.toString().endsWith(".md")
                && !Page.read(target).anchors().contains(link.substring(anchor + 1));
    }

    /** A page, or those in a folder that is linked to as a whole. */
    private static List<Path> pagesAt(Path target) throws IOException {
        if (target.startsWith(DOCS) && Files.isDirectory(target)) {
            return markdown(target);
        }
        return target.toString().endsWith(".md") && Files.exists(target) ? List.of(target) : List.of();
    }

    private static List<Page> pages() throws IOException {
        List<Path> paths = new ArrayList<>(markdown(DOCS));
        paths.add(FRONT);
        return paths.stream().map(Page::read).toList();
    }

    private static List<Path> markdown(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".md"))
                    .filter(file -> !file.toString().contains("/target/"))
                    .sorted()
                    .toList();
        }
    }

    /** A page may show a method without the indentation that it has in its class. */
    private static String unindented(String code) {
        return code.replaceAll("(?m)^[ \\t]+", "");
    }
}
