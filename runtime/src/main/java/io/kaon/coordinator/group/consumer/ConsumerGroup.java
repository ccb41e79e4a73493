// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.common.Uuid;
import io.kaon.coordinator.group.assignor.Assignment;
import io.kaon.coordinator.group.consumer.MemberProfile.Subscription;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A group of the consumer protocol as its records say it is. Changed by {@link #replay} alone; owned by the shard.
 */
public final class ConsumerGroup {
    /** The epoch of a partition that nobody owns. */
    public static final int NOT_OWNED = -1;

    private final String groupId;
    private boolean exists;
    private int epoch;
    private long metadataHash;
    private int targetEpoch;
    private long targetTimestampMs;
    private boolean hasTopicMetadata;
    private final Map<String, MemberProfile> members = new TreeMap<>();
    private final Map<String, String> staticMembers = new HashMap<>();
    private final Map<String, Assignment> targets = new HashMap<>();
    private final Map<String, CurrentAssignment> currents = new HashMap<>();
    private final Map<String, ResolvedRegex> regexes = new TreeMap<>();
    private final Wishes wishes = new Wishes();
    private Subscription common = Subscription.NONE;
    /** Not persisted: when a record was last added, in milliseconds of the clock that only goes forward. */
    private long changedAtMs = Long.MIN_VALUE / 2;
    /** Not persisted: offset of the metadata that the group was last compared with. */
    private long comparedAt = HeartbeatDecision.NOT_COMPARED;
    /** By partition: the epoch at which its owner was given it. */
    private final Map<Uuid, Map<Integer, Integer>> owners = new HashMap<>();

    /** A group of which no record has been seen. */
    public ConsumerGroup(String groupId) {
        this.groupId = groupId;
    }

    public String groupId() {
        return groupId;
    }

    /** The epoch record has been seen, and not its tombstone. */
    public boolean exists() {
        return exists;
    }

    /** Changes whenever something changes on which the assignment rests. */
    public int epoch() {
        return epoch;
    }

    public long metadataHash() {
        return metadataHash;
    }

    /** The epoch for which the target assignment was computed. */
    public int targetEpoch() {
        return targetEpoch;
    }

    /** When the target assignment was computed; 0 when not known. */
    public long targetTimestampMs() {
        return targetTimestampMs;
    }

    /** Whether a record of an older Kafka is to be removed with the next change. */
    public boolean hasTopicMetadata() {
        return hasTopicMetadata;
    }

    /** By member id, in order. */
    public Map<String, MemberProfile> members() {
        return Collections.unmodifiableMap(members);
    }

    public Optional<MemberProfile> member(String memberId) {
        return Optional.ofNullable(members.get(memberId));
    }

    /** The member that has the instance id now. */
    public Optional<MemberProfile> staticMember(String instanceId) {
        return Optional.ofNullable(staticMembers.get(instanceId)).map(members::get);
    }

    public boolean isEmpty() {
        return members.isEmpty();
    }

    /** What the member is meant to own. */
    public Assignment target(String memberId) {
        return targets.getOrDefault(memberId, Assignment.EMPTY);
    }

    /** What the member owns. */
    public CurrentAssignment current(String memberId) {
        return currents.getOrDefault(memberId, CurrentAssignment.NONE);
    }

    /** Expressions of the members' subscriptions that have been looked up, in order. */
    public Map<String, ResolvedRegex> regexes() {
        return Collections.unmodifiableMap(regexes);
    }

    /** The epoch at which the partition's owner was given it, or {@link #NOT_OWNED}. */
    public int ownerEpoch(Uuid topicId, int partition) {
        Map<Integer, Integer> partitions = owners.get(topicId);
        return partitions == null ? NOT_OWNED : partitions.getOrDefault(partition, NOT_OWNED);
    }

    /** Whether a member subscribes to the topic, by name or by an expression. */
    public boolean isSubscribedTo(String topic) {
        return wishes.topics().of(topic) > 0
                || regexes.values().stream()
                        .anyMatch(resolved -> resolved.topics().contains(topic));
    }

    /** What the members want, counted; not to be changed. */
    Wishes wishes() {
        return wishes;
    }

    /** Where the group stands (KIP-848). */
    public GroupState state() {
        if (members.isEmpty()) {
            return GroupState.EMPTY;
        }
        if (epoch > targetEpoch) {
            return GroupState.ASSIGNING;
        }
        for (String memberId : members.keySet()) {
            CurrentAssignment current = current(memberId);
            if (!Reconciler.isReconciled(current, targetEpoch)) {
                return GroupState.RECONCILING;
            }
        }
        return GroupState.STABLE;
    }

    long changedAtMs() {
        return changedAtMs;
    }

    void setChangedAtMs(long nowMs) {
        changedAtMs = nowMs;
    }

    long comparedAt() {
        return comparedAt;
    }

    void setComparedAt(long offset) {
        comparedAt = offset;
    }

    boolean isBlank() {
        return members.isEmpty()
                && targets.isEmpty()
                && currents.isEmpty()
                && regexes.isEmpty()
                && targetEpoch == 0
                && !hasTopicMetadata;
    }

    Collection<String> targetMembers() {
        return Collections.unmodifiableSet(targets.keySet());
    }

    /** The only way in which a group changes. */
    public void replay(ModernGroupRecord record) {
        if (record instanceof ModernGroupRecord.EpochStored stored) {
            exists = true;
            epoch = stored.epoch();
            metadataHash = stored.metadataHash();
        } else if (record instanceof ModernGroupRecord.EpochRemoved) {
            exists = false;
            epoch = 0;
        } else if (record instanceof ModernGroupRecord.MemberStored stored) {
            store(stored.member());
        } else if (record instanceof ModernGroupRecord.MemberRemoved removed) {
            remove(removed.memberId());
        } else if (record instanceof ModernGroupRecord.TargetEpochStored stored) {
            targetEpoch = stored.epoch();
            targetTimestampMs = stored.timestampMs();
        } else if (record instanceof ModernGroupRecord.TargetEpochRemoved) {
            targetEpoch = 0;
            targetTimestampMs = 0;
        } else if (record instanceof ModernGroupRecord.TargetStored stored) {
            targets.put(stored.memberId(), stored.target());
        } else if (record instanceof ModernGroupRecord.TargetRemoved removed) {
            targets.remove(removed.memberId());
        } else if (record instanceof ModernGroupRecord.CurrentStored stored) {
            own(stored.memberId(), stored.assignment());
        } else if (record instanceof ModernGroupRecord.CurrentRemoved removed) {
            own(removed.memberId(), CurrentAssignment.NONE);
            currents.remove(removed.memberId());
        } else if (record instanceof ModernGroupRecord.RegexStored stored) {
            regexes.put(stored.regex(), stored.resolved());
        } else if (record instanceof ModernGroupRecord.RegexRemoved removed) {
            regexes.remove(removed.regex());
        } else {
            hasTopicMetadata = record instanceof ModernGroupRecord.TopicMetadataStored;
        }
    }

    private void store(MemberProfile member) {
        MemberProfile before = members.put(member.memberId(), shared(member));
        if (before != null) {
            wishes.remove(before);
            // Unless it is the same one, or another member's by now.
            staticMembers.remove(before.instanceId(), member.memberId());
        }
        wishes.add(member);
        if (member.isStatic()) {
            staticMembers.put(member.instanceId(), member.memberId());
        }
    }

    /** Members mostly want the same: one list of topics for all of them, which is quickly compared too. */
    private MemberProfile shared(MemberProfile member) {
        if (member.subscription().equals(common)) {
            return member.withSubscription(common);
        }
        common = member.subscription();
        return member;
    }

    private void remove(String memberId) {
        MemberProfile member = members.remove(memberId);
        if (member == null) {
            return;
        }
        wishes.remove(member);
        if (member.isStatic()) {
            // Unless another member has taken the instance over.
            staticMembers.remove(member.instanceId(), memberId);
        }
    }

    private void own(String memberId, CurrentAssignment next) {
        CurrentAssignment before = current(memberId);
        disown(before.assigned());
        disown(before.revoking());
        next.assigned().forEach(this::own);
        next.revoking().forEach(this::own);
        currents.put(memberId, next);
    }

    private void own(Uuid topicId, int partition, int ownerEpoch) {
        owners.computeIfAbsent(topicId, ignored -> new HashMap<>()).put(partition, ownerEpoch);
    }

    private void disown(PartitionEpochs partitions) {
        partitions.forEach((topicId, partition, ownerEpoch) -> {
            // Another epoch is another owner's: a compacted log may tell of the new one first.
            Map<Integer, Integer> owned = owners.get(topicId);
            if (owned != null && owned.remove(partition, ownerEpoch) && owned.isEmpty()) {
                owners.remove(topicId);
            }
        });
    }
}
