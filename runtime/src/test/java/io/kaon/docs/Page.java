// SPDX-License-Identifier: Apache-2.0
package io.kaon.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of Markdown: what it links to, its headings, and the code that it takes from files. */
record Page(Path path, String text) {
    private static final Pattern LINK = Pattern.compile("(?<!`)!?\\[[^\\]]*]\\(([^)\\s]+)(?: \"[^\"]*\")?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.+?) *$");
    private static final Pattern CODE_BLOCK = Pattern.compile("(?ms)^```.*?^```$");
    private static final Pattern FROM_FILE =
            Pattern.compile("(?ms)^<!-- from ([^ ]+) -->\\n(?:```[a-z]*\\n(.*?)^```$|((?:    [^\\n]*\\n|\\n)+))");

    static Page read(Path path) {
        try {
            return new Page(path.normalize(), Files.readString(path));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Targets of links to files of the repository and to headings, as they stand in the page. */
    List<String> links() {
        List<String> links = new ArrayList<>();
        Matcher link = LINK.matcher(withoutCode());
        while (link.find()) {
            if (!link.group(1).matches("[a-z]+:.*")) {
                links.add(link.group(1));
            }
        }
        return links;
    }

    /** The file or folder that a link leads to. */
    Path target(String link) {
        String file = link.replaceFirst("#.*", "");
        return file.isEmpty() ? path : path.resolveSibling(file).normalize();
    }

    /** The names under which headings can be linked to: small letters, digits and hyphens, numbered when they repeat. */
    Set<String> anchors() {
        Set<String> anchors = new LinkedHashSet<>();
        Matcher heading = HEADING.matcher(withoutCode());
        while (heading.find()) {
            String anchor = heading.group(1)
                    .toLowerCase(Locale.ROOT)
                    .replaceAll("[^\\p{L}\\p{N} _-]", "")
                    .replace(' ', '-');
            for (int count = 1; !anchors.add(count == 1 ? anchor : anchor + "-" + (count - 1)); count++) {
                // The next number is tried.
            }
        }
        return anchors;
    }

    /** Code that says by a comment before it which file it is from. */
    List<Snippet> snippets() {
        List<Snippet> snippets = new ArrayList<>();
        Matcher block = FROM_FILE.matcher(text);
        while (block.find()) {
            String code = block.group(2) == null ? block.group(3).replaceAll("(?m)^    ", "") : block.group(2);
            snippets.add(new Snippet(path.resolveSibling(block.group(1)).normalize(), code.strip()));
        }
        return snippets;
    }

    private String withoutCode() {
        return CODE_BLOCK.matcher(text).replaceAll("");
    }

    /**
     * Lines of a file.
     *
     * @param code the lines; one that holds {@code …} alone stands for any number of others
     */
    record Snippet(Path file, String code) {
        /** The parts between the gaps, each of which has to stand in the file, in this order. */
        List<String> parts() {
            return List.of(code.split("(?m)^\\s*(?://|#)? *…\\s*$")).stream()
                    .map(String::strip)
                    .filter(part -> !part.isEmpty())
                    .toList();
        }
    }
}
