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
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which topics the expressions of groups stand for. Remembers what it found: with the next image only topics that are
 * new are matched, and removed ones taken away. Internal topics are topics like others here, as with Kafka.
 *
 * <p>Not thread-safe: owned by who asks, such as a shard. What it remembers is bounded; what is pushed out is looked up
 * again.
 */
public final class TopicExpressions {
    /** Different expressions that the members of one group may have. Kafka has no such bound. */
    public static final int MAX_PER_GROUP = 1_000;

    private static final int MAX_REMEMBERED = 1_000;

    private final Map<String, Found> remembered = new LinkedHashMap<>(16, 0.75f, true);
    private ClusterImage image = ClusterImage.EMPTY;

    /**
     * The topics whose names match, in order.
     *
     * @param mayDescribe whether whoever subscribed may know of a topic (the authoriser's DESCRIBE)
     * @return unmodifiable
     */
    public SortedSet<String> resolve(String expression, ClusterImage newest, Predicate<String> mayDescribe) {
        advance(newest);
        Found found = remembered.get(expression);
        if (found == null) {
            found = new Found(TopicExpression.of(expression));
            found.addAll(names(newest));
            remembered.put(expression, found);
            forgetOldest();
        }
        SortedSet<String> visible = new TreeSet<>();
        for (String topic : found.topics) {
            if (mayDescribe.test(topic)) {
                visible.add(topic);
            }
        }
        return Collections.unmodifiableSortedSet(visible);
    }

    private void advance(ClusterImage newest) {
        if (newest == image) {
            return;
        }
        if (!newest.hasSameTopicNames(image)) {
            List<String> added = new ArrayList<>();
            List<String> removed = new ArrayList<>();
            compare(newest, added, removed);
            for (Found found : remembered.values()) {
                removed.forEach(found.topics::remove);
                found.addAll(added);
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

    private static List<String> names(ClusterImage image) {
        List<String> names = new ArrayList<>(image.topicCount());
        image.topics().forEach(topic -> names.add(topic.name()));
        return names;
    }

    private void forgetOldest() {
        if (remembered.size() > MAX_REMEMBERED) {
            Iterator<String> oldest = remembered.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    /** What one expression stands for in the newest image. */
    private static final class Found {
        private final TopicExpression expression;
        private final SortedSet<String> topics = new TreeSet<>();

        Found(TopicExpression expression) {
            this.expression = expression;
        }

        void addAll(List<String> names) {
            for (String name : names) {
                if (expression.matches(name)) {
                    topics.add(name);
                }
            }
        }
    }
}
