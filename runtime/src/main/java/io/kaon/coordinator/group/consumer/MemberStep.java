// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.metadata.ClusterImage;
import java.util.Map;
import java.util.Optional;

/**
 * What the decision about a member ends with, whichever protocol it speaks: the group's target is computed if that is
 * due, and the member is taken a step towards it. Used for one decision.
 */
final class MemberStep {
    private final ConsumerContext context;
    private final GroupDraft draft;
    private final ClusterImage image;

    /** @param draft in which the member and what it wants are written already */
    MemberStep(ConsumerContext context, GroupDraft draft, ClusterImage image) {
        this.context = context;
        this.draft = draft;
        this.image = image;
    }

    /**
     * Takes the member a step.
     *
     * @param owned what it says it owns; empty when it does not say
     * @param subscriptionChanged whether its topics are others now
     * @return where it stands then
     */
    CurrentAssignment take(MemberProfile member, Optional<Assignment> owned, boolean subscriptionChanged) {
        computeTarget();
        String memberId = member.memberId();
        CurrentAssignment current = draft.current(memberId);
        if (!subscriptionChanged && Reconciler.isReconciled(current, draft.targetEpoch())) {
            return current;
        }
        Reconciler.Target target = new Reconciler.Target(draft.targetEpoch(), draft.target(memberId));
        CurrentAssignment next = new Reconciler(
                        target, draft.before()::ownerEpoch, topicId -> isSubscribed(member, topicId), owned)
                .next(current, subscriptionChanged);
        if (!next.equals(current)) {
            draft.write(new ModernGroupRecord.CurrentStored(draft.groupId(), memberId, next));
        }
        return next;
    }

    /** That of a large group is computed elsewhere, after this decision ({@link LargeTargets}). */
    private void computeTarget() {
        long nowMs = context.clock().wallMs();
        ConsumerGroupConfig config = context.ports().configs().apply(draft.groupId());
        if (TargetComputation.isDue(draft, config, nowMs)
                && !TargetComputation.isLarge(draft, image, context.ports().largeFrom())) {
            TargetComputation.Task task =
                    TargetComputation.of(draft, image, context.ports().options().defaultAssignor());
            Map<String, Assignment> targets = task.run();
            TargetComputation.write(draft, task, targets, nowMs);
        }
    }

    private boolean isSubscribed(MemberProfile member, Uuid topicId) {
        MemberProfile.Subscription wanted = member.subscription();
        return image.topic(topicId)
                .filter(topic -> wanted.names().contains(topic.name())
                        || draft.regex(wanted.regex())
                                .filter(resolved -> resolved.topics().contains(topic.name()))
                                .isPresent())
                .isPresent();
    }
}
