// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All operations, and which of them a path means. Paths are compared raw, segment by segment: a name may hold a slash or
 * a colon when it is percent-encoded. Immutable.
 */
final class OperationTable {
    private final List<Operation> operations;

    /**
     * An operation that a path means.
     *
     * @param path the parameters in the path, decoded
     */
    record Match(Operation operation, Map<String, String> path) {}

    /** What a path means. */
    record Matches(List<Match> all) {
        Optional<Match> of(String method) {
            return all.stream()
                    .filter(match -> match.operation().method().name().equals(method))
                    .findFirst();
        }

        List<String> methods() {
            return all.stream()
                    .map(match -> match.operation().method().name())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }

    OperationTable(Collection<Operation> operations) {
        // A segment with a verb is more special than one without: POST x:pause is not POST {name}.
        this.operations = operations.stream()
                .sorted(Comparator.comparing(
                                (Operation operation) -> !operation.path().contains(":"))
                        .thenComparing(operation -> operation.path().contains("{"))
                        .thenComparing(Operation::path))
                .toList();
        Set<String> seen = new HashSet<>();
        for (Operation operation : this.operations) {
            if (!seen.add(operation.id())
                    || !seen.add(operation.toString())
                    || operation.id().isEmpty()) {
                throw new IllegalStateException(
                        "two operations have the same id or path, or one has no id: " + operation);
            }
        }
    }

    List<Operation> operations() {
        return operations;
    }

    /** @param path raw, below {@code /v3}, with a leading slash */
    Matches find(String path) {
        String[] segments = path.split("/", -1);
        List<Match> matches = new ArrayList<>();
        for (Operation operation : operations) {
            match(operation, segments).ifPresent(matches::add);
        }
        return new Matches(matches);
    }

    private static Optional<Match> match(Operation operation, String[] segments) {
        String[] template = operation.path().split("/", -1);
        if (template.length != segments.length) {
            return Optional.empty();
        }
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < template.length; i++) {
            if (!matches(template[i], segments[i], values)) {
                return Optional.empty();
            }
        }
        return Optional.of(new Match(operation, values));
    }

    private static boolean matches(String template, String segment, Map<String, String> values) {
        if (!template.startsWith("{")) {
            return template.equals(segment);
        }
        int close = template.indexOf('}');
        String verb = template.substring(close + 1);
        if (segment.length() <= verb.length() || !segment.endsWith(verb)) {
            return false;
        }
        Optional<String> value = decoded(segment.substring(0, segment.length() - verb.length()));
        value.ifPresent(text -> values.put(template.substring(1, close), text));
        return value.isPresent();
    }

    /** Empty when it is not encoded as it should be. */
    private static Optional<String> decoded(String segment) {
        try {
            return Optional.of(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
