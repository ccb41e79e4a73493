// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.coordinator.KeyValue;
import io.kaon.coordinator.RecordCodec;
import io.kaon.coordinator.group.consumer.ModernRecordCodec;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.MalformedFrameException;
import io.kaon.wire.Message;
import io.kaon.wire.state.GroupMetadataKey;
import io.kaon.wire.state.GroupMetadataValue;
import io.kaon.wire.state.OffsetCommitKey;
import io.kaon.wire.state.OffsetCommitValue;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Kafka's own format of {@code __consumer_offsets}: an int16, then the structure. In a key the int16 is the type of
 * record (0 and 1 an offset, 2 a group; {@link ModernRecordCodec} has the others), in a value it is the version.
 *
 * <pre>
 * offset   key    int16 1 │ group │ topic │ partition
 *          value  int16 4 │ offset │ leader epoch │ metadata │ commit timestamp │ tags: topic id
 *                 int16 1 │ offset │ metadata │ commit timestamp │ expire timestamp
 * group    key    int16 2 │ group
 *          value  int16 3 │ type │ generation │ protocol │ leader │ timestamp │ members
 * </pre>
 *
 * <p>Values are written in the versions that Kafka 4.4 writes: of an offset the newest, which says what topic was meant
 * (KIP-848), of a group the newest that is not flexible.
 */
final class GroupRecordCodec implements RecordCodec<GroupRecord> {
    private static final short OLD_OFFSET_TYPE = 0;
    private static final short KEY_VERSION = 0;
    /** Room for most keys and offsets; a group is larger. */
    private static final int INITIAL_BYTES = 64;

    private static final short OFFSET_VERSION = 4;
    private static final short EXPIRING_OFFSET_VERSION = 1;
    private static final short GROUP_VERSION = 3;

    @Override
    public KeyValue encode(GroupRecord record) {
        if (record instanceof GroupRecord.OffsetCommitted committed) {
            OffsetEntry entry = committed.entry();
            short version = entry.hasExpireTimestamp() ? EXPIRING_OFFSET_VERSION : OFFSET_VERSION;
            OffsetCommitValue value = new OffsetCommitValue()
                    .setOffset(entry.offset())
                    .setLeaderEpoch(entry.leaderEpoch())
                    .setMetadata(entry.metadata())
                    .setCommitTimestamp(entry.commitTimestampMs())
                    .setExpireTimestamp(entry.expireTimestampMs())
                    .setTopicId(version == OFFSET_VERSION ? entry.topicId() : Uuid.ZERO);
            return KeyValue.of(
                    offsetKey(committed.groupId(), committed.partition()), prefixed(version, value, version));
        }
        if (record instanceof GroupRecord.OffsetRemoved removed) {
            return KeyValue.tombstone(offsetKey(removed.groupId(), removed.partition()));
        }
        if (record instanceof GroupRecord.GroupStored stored) {
            return KeyValue.of(
                    groupKey(stored.groupId()), prefixed(GROUP_VERSION, toValue(stored.group()), GROUP_VERSION));
        }
        if (record instanceof GroupRecord.Modern modern) {
            return ModernRecordCodec.encode(modern.record());
        }
        return KeyValue.tombstone(groupKey(((GroupRecord.GroupRemoved) record).groupId()));
    }

    @Override
    public Optional<GroupRecord> decode(KeyValue bytes) {
        BufferReader key = new BufferReader(bytes.key());
        short type = key.readShort();
        if (type == OLD_OFFSET_TYPE || type == OffsetCommitKey.RECORD_TYPE) {
            OffsetCommitKey offsetKey = OffsetCommitKey.from(key, KEY_VERSION);
            TopicPartition partition = new TopicPartition(offsetKey.topic(), offsetKey.partition());
            return Optional.of(bytes.value()
                    .<GroupRecord>map(value -> new GroupRecord.OffsetCommitted(
                            offsetKey.group(), partition, toEntry(new BufferReader(value))))
                    .orElseGet(() -> new GroupRecord.OffsetRemoved(offsetKey.group(), partition)));
        }
        if (type == GroupMetadataKey.RECORD_TYPE) {
            String groupId = GroupMetadataKey.from(key, KEY_VERSION).group();
            return Optional.of(bytes.value()
                    .<GroupRecord>map(value -> new GroupRecord.GroupStored(groupId, toGroup(new BufferReader(value))))
                    .orElseGet(() -> new GroupRecord.GroupRemoved(groupId)));
        }
        return ModernRecordCodec.decode(bytes).map(GroupRecord.Modern::new);
    }

    private static ByteBuffer offsetKey(String groupId, TopicPartition partition) {
        OffsetCommitKey key = new OffsetCommitKey()
                .setGroup(groupId)
                .setTopic(partition.topic())
                .setPartition(partition.partition());
        return prefixed(OffsetCommitKey.RECORD_TYPE, key, KEY_VERSION);
    }

    private static ByteBuffer groupKey(String groupId) {
        return prefixed(GroupMetadataKey.RECORD_TYPE, new GroupMetadataKey().setGroup(groupId), KEY_VERSION);
    }

    private static ByteBuffer prefixed(short prefix, Message message, short version) {
        BufferWriter out = new BufferWriter(INITIAL_BYTES);
        out.writeShort(prefix);
        message.write(out, version);
        return out.toBuffer();
    }

    private static OffsetEntry toEntry(BufferReader in) {
        OffsetCommitValue value =
                OffsetCommitValue.from(in, versionOf(in, OffsetCommitValue.HIGHEST_VERSION, "OffsetCommitValue"));
        return new OffsetEntry(
                value.offset(),
                value.leaderEpoch(),
                value.metadata(),
                value.commitTimestamp(),
                value.expireTimestamp(),
                value.topicId(),
                OffsetEntry.UNWRITTEN);
    }

    private static StoredGroup toGroup(BufferReader in) {
        GroupMetadataValue value =
                GroupMetadataValue.from(in, versionOf(in, GroupMetadataValue.HIGHEST_VERSION, "GroupMetadataValue"));
        List<StoredMember> members = new ArrayList<>(value.members().size());
        for (GroupMetadataValue.MemberMetadata member : value.members()) {
            members.add(new StoredMember(
                    member.memberId(),
                    orEmpty(member.groupInstanceId()),
                    new ClientIdentity(member.clientId(), member.clientHost()),
                    MemberTimeouts.of(member.rebalanceTimeout(), member.sessionTimeout()),
                    member.subscription(),
                    member.assignment()));
        }
        return new StoredGroup(
                value.protocolType(),
                value.generation(),
                orEmpty(value.protocol()),
                orEmpty(value.leader()),
                value.currentStateTimestamp(),
                members);
    }

    private static GroupMetadataValue toValue(StoredGroup group) {
        List<GroupMetadataValue.MemberMetadata> members =
                new ArrayList<>(group.members().size());
        for (StoredMember member : group.members()) {
            members.add(new GroupMetadataValue.MemberMetadata()
                    .setMemberId(member.memberId())
                    .setGroupInstanceId(orNull(member.instanceId()))
                    .setClientId(member.client().clientId())
                    .setClientHost(member.client().clientHost())
                    .setRebalanceTimeout(member.timeouts().rebalanceMs())
                    .setSessionTimeout(member.timeouts().sessionMs())
                    .setSubscription(member.subscription())
                    .setAssignment(member.assignment()));
        }
        return new GroupMetadataValue()
                .setProtocolType(group.protocolType())
                .setGeneration(group.generation())
                .setProtocol(orNull(group.protocol()))
                .setLeader(orNull(group.leader()))
                .setCurrentStateTimestamp(group.stateTimestampMs())
                .setMembers(members);
    }

    private static short versionOf(BufferReader in, short highest, String type) {
        short version = in.readShort();
        if (version < 0 || version > highest) {
            throw new MalformedFrameException(0, type + " has no version " + version);
        }
        return version;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }

    private static String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
