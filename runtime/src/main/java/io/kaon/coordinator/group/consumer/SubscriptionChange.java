// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.regex.Effort;
import io.kaon.coordinator.group.regex.ExpressionLookup;
import io.kaon.coordinator.group.regex.TopicExpression;
import io.kaon.coordinator.group.regex.TopicExpressions;
import io.kaon.metadata.ClusterImage;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Keeps a group's epoch and its expressions in step with what its members want and with the topics that there are. A
 * new expression is looked up at once where that is soon done, and the member has its partitions with the answer; what
 * takes longer is left to a {@link #lookup}, and its topics follow with a later heartbeat.
 */
final class SubscriptionChange {
    private final ConsumerContext context;
    private final GroupDraft draft;
    private final ClusterImage image;
    private final Predicate<String> mayDescribe;
    private final Effort effort = Effort.slice();
    private final Map<String, Optional<SortedSet<String>>> left = new TreeMap<>();

    /** @param mayDescribe the topics that an expression may stand for; any thread */
    SubscriptionChange(ConsumerContext context, GroupDraft draft, ClusterImage image, Predicate<String> mayDescribe) {
        this.context = context;
        this.draft = draft;
        this.image = image;
        this.mayDescribe = mayDescribe;
    }

    /** For who looks up no expression. */
    SubscriptionChange(ConsumerContext context, GroupDraft draft, ClusterImage image) {
        this(context, draft, image, topic -> false);
    }

    /**
     * Why a member may not subscribe by its expression.
     *
     * @param error of the heartbeat
     */
    record Problem(ErrorCode error, String message) {}

    /** Checks an expression that nobody in the group has used yet. */
    Optional<Problem> check(MemberProfile before, MemberProfile after) {
        String regex = after.subscription().regex();
        if (regex.isEmpty()
                || regex.equals(before.subscription().regex())
                || draft.wishes().regexes().of(regex) > 0) {
            return Optional.empty();
        }
        if (draft.wishes().regexes().names().size() >= TopicExpressions.MAX_PER_GROUP) {
            return Optional.of(new Problem(
                    ErrorCode.INVALID_REQUEST,
                    "The group has " + TopicExpressions.MAX_PER_GROUP + " regular expressions already."));
        }
        return TopicExpression.problem(regex)
                .map(problem -> new Problem(ErrorCode.INVALID_REGULAR_EXPRESSION, problem));
    }

    /**
     * Writes a member's profile, and a new epoch if that, or what expressions stand for, changes what is to be assigned.
     *
     * @param refresh whether every expression of the group is to be looked up again
     * @return whether the member's topics are others now
     */
    boolean subscribe(MemberProfile before, MemberProfile after, boolean refresh) {
        String assignor = draft.wishes().assignors().mostWanted();
        if (!after.equals(before) || draft.member(after.memberId()).isEmpty()) {
            draft.write(new ModernGroupRecord.MemberStored(draft.groupId(), after));
        }
        onRegexChanged(before, after);
        boolean topicsChanged = !after.subscription().equals(before.subscription());
        boolean refreshed = refresh && refreshRegexes();
        boolean assignorChanged = !draft.wishes().assignors().mostWanted().equals(assignor);
        updateEpoch(draft.epoch() == 0 || topicsChanged || refreshed || assignorChanged);
        return topicsChanged || refreshed;
    }

    /** After a member's profile was written: the expression that nobody uses any more goes, a new one is looked up. */
    private void onRegexChanged(MemberProfile before, MemberProfile after) {
        String regex = after.subscription().regex();
        if (regex.equals(before.subscription().regex())) {
            return;
        }
        removeUnused(Set.of(before.subscription().regex()));
        if (!regex.isEmpty() && draft.regex(regex).isEmpty()) {
            resolve(regex);
        }
    }

    void removeUnused(Set<String> regexes) {
        for (String regex : regexes) {
            if (!regex.isEmpty() && draft.wishes().regexes().of(regex) == 0) {
                draft.write(new ModernGroupRecord.RegexRemoved(draft.groupId(), regex));
            }
        }
    }

    /** Looks every expression up again; only those that stand for other topics now are written. */
    private boolean refreshRegexes() {
        boolean changed = false;
        for (String regex : new TreeSet<>(draft.wishes().regexes().names())) {
            changed |= resolve(regex);
        }
        return changed;
    }

    private boolean resolve(String regex) {
        Optional<SortedSet<String>> known = draft.regex(regex).map(ResolvedRegex::topics);
        Optional<SortedSet<String>> found = context.expressions().find(regex, image, mayDescribe, effort);
        if (found.isEmpty()) {
            left.put(regex, known);
            return false;
        }
        if (known.equals(found)) {
            return false;
        }
        store(regex, found.get(), image);
        return true;
    }

    private void store(String regex, SortedSet<String> topics, ClusterImage from) {
        ResolvedRegex resolved =
                new ResolvedRegex(topics, from.offset(), context.clock().wallMs());
        draft.write(new ModernGroupRecord.RegexStored(draft.groupId(), regex, resolved));
    }

    /** The expressions for which there was no time. */
    Optional<ExpressionLookup> lookup() {
        return left.isEmpty() ? Optional.empty() : Optional.of(new ExpressionLookup(left, image, mayDescribe));
    }

    /** Takes in what was looked up elsewhere, as far as somebody still wants it. */
    void onLookedUp(ExpressionLookup lookup) {
        boolean changed = false;
        for (Map.Entry<String, SortedSet<String>> found : lookup.changes().entrySet()) {
            boolean isNews = draft.regex(found.getKey())
                    .filter(known -> known.version() >= lookup.image().offset())
                    .isEmpty();
            if (isNews && draft.wishes().regexes().of(found.getKey()) > 0) {
                store(found.getKey(), found.getValue(), lookup.image());
                changed = true;
            }
        }
        if (changed) {
            updateEpoch(true);
        }
    }

    /** A new epoch if it is wanted, or if the topics are not what they were. */
    void updateEpoch(boolean wanted) {
        long fingerprint = TopicFingerprint.of(topics(), image);
        if (wanted || fingerprint != draft.metadataHash()) {
            draft.write(new ModernGroupRecord.EpochStored(draft.groupId(), draft.epoch() + 1, fingerprint));
        }
        if (draft.before().hasTopicMetadata()) {
            draft.write(new ModernGroupRecord.TopicMetadataRemoved(draft.groupId()));
        }
    }

    private Set<String> topics() {
        Set<String> names = new HashSet<>(draft.wishes().topics().names());
        for (String regex : draft.wishes().regexes().names()) {
            draft.regex(regex).ifPresent(resolved -> names.addAll(resolved.topics()));
        }
        return names;
    }
}
