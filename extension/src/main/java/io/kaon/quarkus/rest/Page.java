// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A page of a list, as a request asks for it. The token names the last element of the page before, so that pages stay
 * right while elements come and go.
 *
 * @param token empty for the first page
 */
public record Page(int size, Optional<String> token, Links links) {
    /**
     * What is on this page.
     *
     * @param next the token of the page behind it; empty when this is the last one
     */
    public record Cut<T>(List<T> elements, Optional<String> next) {
        public Cut {
            elements = List.copyOf(elements);
        }
    }

    /**
     * The elements of this page.
     *
     * @param all in any order
     * @param key by which they are in order; no two have the same
     * @throws ProblemException when the token is none of ours
     */
    public <T> Cut<T> of(List<T> all, Function<T, String> key) {
        String after = token.map(Page::decoded).orElse("");
        List<T> rest = all.stream()
                .filter(element -> key.apply(element).compareTo(after) > 0)
                .sorted(Comparator.comparing(key))
                .limit(size + 1L)
                .toList();
        if (rest.size() <= size) {
            return new Cut<>(rest, Optional.empty());
        }
        List<T> page = rest.subList(0, size);
        return new Cut<>(page, Optional.of(encoded(key.apply(page.get(size - 1)))));
    }

    /** A key for {@link #of} that puts numbers into their order. */
    public static String keyOf(int number) {
        return String.format(Locale.ROOT, "%010d", number);
    }

    /**
     * The answer of the convention for a list.
     *
     * @param kind for example {@code KafkaTopicList}
     */
    public ObjectNode list(String kind, ArrayNode data, Optional<String> next) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("kind", kind);
        json.putObject("metadata")
                .put("self", links.self())
                .put("next", next.map(links::next).orElse(null));
        json.set("data", data);
        return json;
    }

    private static String encoded(String key) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(key.getBytes(StandardCharsets.UTF_8));
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("page_token", "is not from metadata.next of a page")
                    .asException();
        }
    }
}
