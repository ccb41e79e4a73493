// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.regex;

import io.kaon.coordinator.group.regex.TopicExpressions.Matches;
import io.kaon.metadata.ClusterImage;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Looks up expressions for which an owner has no time, in turns of some milliseconds, so that many of these can share a
 * thread. Handed from thread to thread, used by one at a time.
 */
public final class ExpressionLookup {
    /** To compile an expression takes about as long as so many characters. */
    private static final int COMPILING = 20_000;

    private final ClusterImage image;
    private final Predicate<String> mayDescribe;
    private final SortedMap<String, Optional<SortedSet<String>>> known;
    private final Iterator<String> expressions;
    private final List<Matches> matches = new ArrayList<>();
    private final SortedMap<String, SortedSet<String>> changes = new TreeMap<>();
    private Optional<Matches> current = Optional.empty();
    private List<String> names = List.of();
    private int tested;
    private int remembered;

    /**
     * Costs nothing before its first turn.
     *
     * @param known the expressions, each with the topics that it was last known to stand for, if it was looked up before
     * @param image whose topics count
     * @param mayDescribe whether whoever subscribed may know of a topic; any thread
     */
    public ExpressionLookup(
            Map<String, Optional<SortedSet<String>>> known, ClusterImage image, Predicate<String> mayDescribe) {
        this.known = new TreeMap<>(known);
        this.expressions = this.known.keySet().iterator();
        this.image = image;
        this.mayDescribe = mayDescribe;
    }

    /** Goes on for one turn. Returns whether there is more to do. */
    public boolean turn() {
        Effort effort = Effort.slice();
        while (!effort.isSpent()) {
            if (current.isPresent() && tested < names.size()) {
                String name = names.get(tested++);
                current.get().test(name);
                effort.overspend(current.get().cost() * name.length());
            } else {
                current.ifPresent(this::finish);
                if (!expressions.hasNext()) {
                    current = Optional.empty();
                    return false;
                }
                begin(expressions.next());
                effort.overspend(COMPILING);
            }
        }
        return true;
    }

    private void begin(String expression) {
        names = names.isEmpty() ? TopicExpressions.names(image) : names;
        tested = 0;
        current = Optional.of(new Matches(expression));
    }

    private void finish(Matches finished) {
        SortedSet<String> visible = finished.visible(mayDescribe);
        if (!known.get(finished.expression()).filter(visible::equals).isPresent()) {
            changes.put(finished.expression(), visible);
        }
        remembered += finished.topics().size();
        if (remembered <= TopicExpressions.MAX_REMEMBERED_TOPICS) {
            matches.add(finished);
        }
    }

    /** In which the topics were looked up. */
    public ClusterImage image() {
        return image;
    }

    /** The expressions that stand for other topics than was known, in order; complete when there is nothing more to do. */
    public SortedMap<String, SortedSet<String>> changes() {
        return changes;
    }

    /** What is worth remembering. */
    List<Matches> matches() {
        return matches;
    }
}
