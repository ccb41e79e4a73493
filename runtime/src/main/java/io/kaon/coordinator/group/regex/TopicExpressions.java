// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.regex;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.TopicImage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which topics the expressions of groups stand for, as far as that is known or quickly found: what would take longer
 * than the asker's {@link Effort} is left to an {@link ExpressionLookup}. Remembers what was found: with the next image
 * only topics that are new are matched, and removed ones taken away. Internal topics are topics like others here, as
 * with Kafka.
 *
 * <p>Not thread-safe: owned by who asks, such as a shard. What it remembers is bounded; what is pushed out is looked up
 * again.
 */
public final class TopicExpressions {
    /** Different expressions that the members of one group may have. Kafka has no such bound. */
    public static final int MAX_PER_GROUP = 1_000;

    private static final int MAX_REMEMBERED = 1_000;
    /** Over all expressions. */
    static final int MAX_REMEMBERED_TOPICS = 100_000;
    /** To list a topic that is known to match takes about as long as so many characters. */
    private static final int LISTING = 5;

    private final Map<String, Matches> remembered = new LinkedHashMap<>(16, 0.75f, true);
    private ClusterImage image = ClusterImage.EMPTY;
    private long nameLengths;

    /**
     * The topics whose names match, in order.
     *
     * @param mayDescribe whether whoever subscribed may know of a topic (the authoriser's DESCRIBE)
     * @param effort what may still be spent; spent here
     * @return unmodifiable; empty when it would take more
     */
    public Optional<SortedSet<String>> find(
            String expression, ClusterImage newest, Predicate<String> mayDescribe, Effort effort) {
        advance(newest, effort);
        Matches found = remembered.get(expression);
        if (found == null) {
            if (!effort.spend(TopicExpression.cost(expression) * nameLengths)) {
                return Optional.empty();
            }
            found = new Matches(expression);
            for (String name : names(newest)) {
                found.test(name);
            }
            remember(found);
        }
        return effort.spend((long) LISTING * found.topics().size())
                ? Optional.of(found.visible(mayDescribe))
                : Optional.empty();
    }

    /** Takes over what was found elsewhere, unless other topics exist by now. */
    public void remember(ExpressionLookup lookup) {
        if (lookup.image().hasSameTopicNames(image)) {
            lookup.matches().forEach(this::remember);
        }
    }

    private void remember(Matches found) {
        remembered.put(found.expression(), found);
        long topics = 0;
        for (Matches matches : remembered.values()) {
            topics += matches.topics().size();
        }
        Iterator<Matches> oldest = remembered.values().iterator();
        while (remembered.size() > MAX_REMEMBERED || topics > MAX_REMEMBERED_TOPICS) {
            topics -= oldest.next().topics().size();
            oldest.remove();
        }
    }

    private void advance(ClusterImage newest, Effort effort) {
        if (newest == image) {
            return;
        }
        if (!newest.hasSameTopicNames(image)) {
            List<String> added = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            compare(newest, added, removed);
            long lengths = lengths(added);
            nameLengths += lengths - lengths(removed);
            remembered.values().removeIf(found -> !effort.spend(found.cost() * lengths));
            for (Matches found : remembered.values()) {
                removed.forEach(found::remove);
                added.forEach(found::test);
            }
        }
        image = newest;
    }

    /** Both images have their topics in order: one walk over both finds what differs. */
    private void compare(ClusterImage newest, List<String> added, List<String> removed) {
        Iterator<TopicImage> before = image.topics().iterator();
        Iterator<TopicImage> after = newest.topics().iterator();
        String gone = next(before);
        String came = next(after);
        while (!gone.isEmpty() || !came.isEmpty()) {
            int order = gone.isEmpty() ? 1 : came.isEmpty() ? -1 : gone.compareTo(came);
            if (order < 0) {
                removed.add(gone);
            } else if (order > 0) {
                added.add(came);
            }
            gone = order <= 0 ? next(before) : gone;
            came = order >= 0 ? next(after) : came;
        }
    }

    /** A topic's name is never empty. */
    private static String next(Iterator<TopicImage> topics) {
        return topics.hasNext() ? topics.next().name() : "";
    }

    static List<String> names(ClusterImage image) {
        List<String> names = new ArrayList<>(image.topicCount());
        image.topics().forEach(topic -> names.add(topic.name()));
        return names;
    }

    private static long lengths(List<String> names) {
        long sum = 0;
        for (String name : names) {
            sum += name.length();
        }
        return sum;
    }

    /** What one expression stands for. */
    static final class Matches {
        private final String expression;
        private final TopicExpression compiled;
        private final SortedSet<String> topics = new TreeSet<>();
        private final long cost;

        Matches(String expression) {
            this.expression = expression;
            cost = TopicExpression.cost(expression);
            compiled = TopicExpression.of(expression);
        }

        String expression() {
            return expression;
        }

        long cost() {
            return cost;
        }

        SortedSet<String> topics() {
            return topics;
        }

        void test(String name) {
            if (compiled.matches(name)) {
                topics.add(name);
            }
        }

        void remove(String name) {
            topics.remove(name);
        }

        SortedSet<String> visible(Predicate<String> mayDescribe) {
            SortedSet<String> visible = new TreeSet<>(topics);
            visible.removeIf(mayDescribe.negate());
            return Collections.unmodifiableSortedSet(visible);
        }
    }
}
