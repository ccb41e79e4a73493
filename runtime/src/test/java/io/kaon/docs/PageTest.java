// SPDX-License-Identifier: Apache-2.0
package io.kaon.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PageTest {
    private static final String TEXT =
            """
            # Kaon: a page's name
            See [there](other.md#what-s-there), [below](#below), ![a picture](images/one.png "one") and [the web](https://example.org/x).
            ## Below
            ## Below

            ```
            [no link](nowhere.md)
            # no heading
            ```

            <!-- from quickstart/Greeter.java -->
            ```java
            class Greeter {
                // …
            }
            ```

            <!-- from run -->
                one
                two

            the end
            """;

    private final Page page = new Page(Path.of("/docs/page.md"), TEXT);

    @Test
    void shouldFindLinksToFilesOutsideOfCode() {
        assertThat(page.links()).containsExactly("other.md#what-s-there", "#below", "images/one.png");
        assertThat(page.target("../x.md#y")).isEqualTo(Path.of("/x.md"));
        assertThat(page.target("#below")).isEqualTo(page.path());
    }

    @Test
    void shouldNameHeadingsAsBrowsersOfRepositoriesDo() {
        assertThat(page.anchors()).containsExactly("kaon-a-pages-name", "below", "below-1");
    }

    @Test
    void shouldFindCodeThatIsFromAFile() {
        assertThat(page.snippets())
                .extracting(Page.Snippet::file, Page.Snippet::parts)
                .containsExactly(
                        tuple(Path.of("/docs/quickstart/Greeter.java"), List.of("class Greeter {", "}")),
                        tuple(Path.of("/docs/run"), List.of("one\ntwo")));
    }
}
