// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.group.assignor.Assignment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A group as it will be once the records of a decision are written: the group below, what the decision has changed
 * above. A decision writes into its draft and reads from it; the group itself is changed by replay, if the log takes
 * the records. Used for one decision.
 */
public final class GroupDraft {
    private final ConsumerGroup group;
    private final List<ModernGroupRecord> records = new ArrayList<>();
    private final Map<String, Optional<MemberProfile>> members = new HashMap<>(2);
    private final Map<String, Assignment> targets = new HashMap<>(2);
    private final Map<String, CurrentAssignment> currents = new HashMap<>(2);
    private final Map<String, Optional<ResolvedRegex>> regexes = new HashMap<>(2);
    private Optional<Wishes> wishes = Optional.empty();
    private int memberCount;
    private int epoch;
    private long metadataHash;
    private int targetEpoch;
    private long targetTimestampMs;

    public GroupDraft(ConsumerGroup group) {
        this.group = group;
        memberCount = group.members().size();
        epoch = group.epoch();
        metadataHash = group.metadataHash();
        targetEpoch = group.targetEpoch();
        targetTimestampMs = group.targetTimestampMs();
    }

    public String groupId() {
        return group.groupId();
    }

    /** The group without what the decision changes. */
    public ConsumerGroup before() {
        return group;
    }

    /** What is to be written as one batch, in order. */
    public List<ModernGroupRecord> records() {
        return List.copyOf(records);
    }

    public int epoch() {
        return epoch;
    }

    public long metadataHash() {
        return metadataHash;
    }

    public int targetEpoch() {
        return targetEpoch;
    }

    public long targetTimestampMs() {
        return targetTimestampMs;
    }

    public int memberCount() {
        return memberCount;
    }

    public Optional<MemberProfile> member(String memberId) {
        Optional<MemberProfile> changed = members.get(memberId);
        return changed != null ? changed : group.member(memberId);
    }

    /** In the order of their ids. */
    public Collection<MemberProfile> members() {
        if (members.isEmpty()) {
            return group.members().values();
        }
        Map<String, MemberProfile> all = new TreeMap<>(group.members());
        members.forEach((memberId, member) ->
                member.ifPresentOrElse(present -> all.put(memberId, present), () -> all.remove(memberId)));
        return all.values();
    }

    public Assignment target(String memberId) {
        Assignment changed = targets.get(memberId);
        return changed != null ? changed : group.target(memberId);
    }

    public CurrentAssignment current(String memberId) {
        CurrentAssignment changed = currents.get(memberId);
        return changed != null ? changed : group.current(memberId);
    }

    /** The topics that an expression stands for, if it has been looked up. */
    public Optional<ResolvedRegex> regex(String expression) {
        Optional<ResolvedRegex> changed = regexes.get(expression);
        return changed != null ? changed : Optional.ofNullable(group.regexes().get(expression));
    }

    /** What the members want, counted. */
    Wishes wishes() {
        return wishes.orElseGet(group::wishes);
    }

    /** Adds a record, and behaves as if it had been replayed. */
    public void write(ModernGroupRecord record) {
        records.add(record);
        if (record instanceof ModernGroupRecord.EpochStored stored) {
            epoch = stored.epoch();
            metadataHash = stored.metadataHash();
        } else if (record instanceof ModernGroupRecord.MemberStored stored) {
            change(stored.member().memberId(), Optional.of(stored.member()));
        } else if (record instanceof ModernGroupRecord.MemberRemoved removed) {
            change(removed.memberId(), Optional.empty());
        } else if (record instanceof ModernGroupRecord.TargetEpochStored stored) {
            targetEpoch = stored.epoch();
            targetTimestampMs = stored.timestampMs();
        } else if (record instanceof ModernGroupRecord.TargetStored stored) {
            targets.put(stored.memberId(), stored.target());
        } else if (record instanceof ModernGroupRecord.TargetRemoved removed) {
            targets.put(removed.memberId(), Assignment.EMPTY);
        } else if (record instanceof ModernGroupRecord.CurrentStored stored) {
            currents.put(stored.memberId(), stored.assignment());
        } else if (record instanceof ModernGroupRecord.CurrentRemoved removed) {
            currents.put(removed.memberId(), CurrentAssignment.NONE);
        } else if (record instanceof ModernGroupRecord.RegexStored stored) {
            regexes.put(stored.regex(), Optional.of(stored.resolved()));
        } else if (record instanceof ModernGroupRecord.RegexRemoved removed) {
            regexes.put(removed.regex(), Optional.empty());
        }
    }

    private void change(String memberId, Optional<MemberProfile> member) {
        Wishes changed = wishes.orElseGet(() -> group.wishes().copy());
        Optional<MemberProfile> before = member(memberId);
        before.ifPresent(changed::remove);
        member.ifPresent(changed::add);
        wishes = Optional.of(changed);
        memberCount += (member.isPresent() ? 1 : 0) - (before.isPresent() ? 1 : 0);
        members.put(memberId, member);
    }
}
