// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.regex.TopicExpression;
import io.kaon.coordinator.group.regex.TopicExpressions;
import io.kaon.metadata.ClusterImage;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Keeps a group's epoch and its expressions in step with what its members want and with the topics that there are. A
 * new expression is looked up at once: that is one pass over the names of topics, and the member has its partitions
 * with the answer. Later passes only look at topics that came or went.
 */
final class SubscriptionChange {
    private final ConsumerContext context;
    private final GroupDraft draft;
    private final ClusterImage image;

    SubscriptionChange(ConsumerContext context, GroupDraft draft, ClusterImage image) {
        this.context = context;
        this.draft = draft;
        this.image = image;
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

    /** After a member's profile was written: the expression that nobody uses any more goes, a new one is looked up. */
    void onRegexChanged(MemberProfile before, MemberProfile after) {
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
    boolean refreshRegexes() {
        boolean changed = false;
        for (String regex : new TreeSet<>(draft.wishes().regexes().names())) {
            changed |= resolve(regex);
        }
        return changed;
    }

    private boolean resolve(String regex) {
        SortedSet<String> topics = context.expressions().resolve(regex, image, topic -> true);
        if (draft.regex(regex).filter(known -> known.topics().equals(topics)).isPresent()) {
            return false;
        }
        ResolvedRegex resolved =
                new ResolvedRegex(topics, image.offset(), context.clock().wallMs());
        draft.write(new ModernGroupRecord.RegexStored(draft.groupId(), regex, resolved));
        return true;
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
        Set<String> names = new TreeSet<>(draft.wishes().topics().names());
        for (String regex : draft.wishes().regexes().names()) {
            draft.regex(regex).ifPresent(resolved -> names.addAll(resolved.topics()));
        }
        return names;
    }
}
