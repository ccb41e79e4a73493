// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import java.util.Optional;

/** Kafka's rules for the names of topics. */
public final class TopicNames {
    /** Characters that a name may have at most: a folder's name with the partition's number still fits everywhere. */
    public static final int MAX_LENGTH = 249;

    private TopicNames() {}

    /** What is wrong with a name, if anything. */
    public static Optional<String> problem(String name) {
        if (name.isEmpty()) {
            return Optional.of("A topic's name cannot be empty.");
        }
        if (name.equals(".") || name.equals("..")) {
            return Optional.of("A topic's name cannot be '.' or '..'.");
        }
        if (name.length() > MAX_LENGTH) {
            return Optional.of(
                    "A topic's name has at most " + MAX_LENGTH + " characters, this one has " + name.length() + ".");
        }
        return name.chars().allMatch(TopicNames::isLegal)
                ? Optional.empty()
                : Optional.of(
                        "A topic's name has only ASCII letters and digits, '.', '_' and '-', unlike '" + name + "'.");
    }

    /** Whether two different names would be the same metric: those do not tell '.' from '_'. */
    public static boolean collide(String one, String other) {
        return !one.equals(other) && one.replace('.', '_').equals(other.replace('.', '_'));
    }

    /**
     * The topic that exists already and collides with a name, if there is one. Looks at topics with the same
     * beginning only.
     */
    public static Optional<String> collision(ClusterImage image, String name) {
        String beginning = beginning(name);
        if (beginning.length() == name.length()) {
            return Optional.empty();
        }
        for (TopicImage topic : image.topicsFrom(beginning)) {
            if (!topic.name().startsWith(beginning)) {
                return Optional.empty();
            }
            if (collide(topic.name(), name)) {
                return Optional.of(topic.name());
            }
        }
        return Optional.empty();
    }

    /** What comes before the first character that may collide. */
    private static String beginning(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '_') {
            end++;
        }
        return name.substring(0, end);
    }

    private static boolean isLegal(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-';
    }
}
