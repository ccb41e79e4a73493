// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import io.kaon.coordinator.KeyValue;
import io.kaon.wire.BufferReader;
import io.kaon.wire.BufferWriter;
import io.kaon.wire.Message;
import io.kaon.wire.state.ConsumerGroupCurrentMemberAssignmentKey;
import io.kaon.wire.state.ConsumerGroupMemberMetadataKey;
import io.kaon.wire.state.ConsumerGroupMetadataKey;
import io.kaon.wire.state.ConsumerGroupMetadataValue;
import io.kaon.wire.state.ConsumerGroupPartitionMetadataKey;
import io.kaon.wire.state.ConsumerGroupPartitionMetadataValue;
import io.kaon.wire.state.ConsumerGroupRegularExpressionKey;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMemberKey;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMetadataKey;
import io.kaon.wire.state.ConsumerGroupTargetAssignmentMetadataValue;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Kafka's own format of consumer groups in {@code __consumer_offsets}: an int16, then the structure. In a key the int16
 * is the type of record, in a value it is the version, always 0.
 *
 * <pre>
 * type  key                        value
 *   3   group                      epoch │ hash of the topics
 *   4   group                      (topics; no longer written)
 *   5   group │ member             who it is and what it wants
 *   6   group                      epoch of the target │ when
 *   7   group │ member             target: topic ids with partitions
 *   8   group │ member             epoch │ epoch before │ state │ assigned │ to be given up
 *  16   group │ expression         topics │ offset of the metadata │ when
 * </pre>
 */
public final class ModernRecordCodec {
    private static final short VERSION = 0;

    private ModernRecordCodec() {}

    public static KeyValue encode(ModernGroupRecord record) {
        if (record instanceof ModernGroupRecord.EpochStored stored) {
            ConsumerGroupMetadataValue value =
                    new ConsumerGroupMetadataValue().setEpoch(stored.epoch()).setMetadataHash(stored.metadataHash());
            return KeyValue.of(key(record), prefixed(VERSION, value));
        }
        if (record instanceof ModernGroupRecord.TargetEpochStored stored) {
            ConsumerGroupTargetAssignmentMetadataValue value = new ConsumerGroupTargetAssignmentMetadataValue()
                    .setAssignmentEpoch(stored.epoch())
                    .setAssignmentTimestamp(stored.timestampMs());
            return KeyValue.of(key(record), prefixed(VERSION, value));
        }
        if (record instanceof ModernGroupRecord.MemberStored stored) {
            return KeyValue.of(key(record), prefixed(VERSION, RecordValues.of(stored.member())));
        }
        if (record instanceof ModernGroupRecord.TargetStored stored) {
            return KeyValue.of(key(record), prefixed(VERSION, RecordValues.of(stored.target())));
        }
        if (record instanceof ModernGroupRecord.CurrentStored stored) {
            return KeyValue.of(key(record), prefixed(VERSION, RecordValues.of(stored.assignment())));
        }
        if (record instanceof ModernGroupRecord.RegexStored stored) {
            return KeyValue.of(key(record), prefixed(VERSION, RecordValues.of(stored.resolved())));
        }
        if (record instanceof ModernGroupRecord.TopicMetadataStored) {
            return KeyValue.of(key(record), prefixed(VERSION, new ConsumerGroupPartitionMetadataValue()));
        }
        return KeyValue.tombstone(key(record));
    }

    /**
     * Empty for a type that is none of a consumer group.
     *
     * @throws RuntimeException when the bytes are not what their type says
     */
    public static Optional<ModernGroupRecord> decode(KeyValue bytes) {
        BufferReader key = new BufferReader(bytes.key());
        short type = key.readShort();
        Optional<BufferReader> value = bytes.value().map(BufferReader::new);
        return switch (type) {
            case ConsumerGroupMetadataKey.RECORD_TYPE -> Optional.of(groupEpoch(key, value));
            case ConsumerGroupPartitionMetadataKey.RECORD_TYPE -> {
                String group =
                        ConsumerGroupPartitionMetadataKey.from(key, VERSION).groupId();
                yield Optional.of(
                        value.isPresent()
                                ? new ModernGroupRecord.TopicMetadataStored(group)
                                : new ModernGroupRecord.TopicMetadataRemoved(group));
            }
            case ConsumerGroupMemberMetadataKey.RECORD_TYPE -> Optional.of(member(key, value));
            case ConsumerGroupTargetAssignmentMetadataKey.RECORD_TYPE -> Optional.of(targetEpoch(key, value));
            case ConsumerGroupTargetAssignmentMemberKey.RECORD_TYPE -> Optional.of(target(key, value));
            case ConsumerGroupCurrentMemberAssignmentKey.RECORD_TYPE -> Optional.of(current(key, value));
            case ConsumerGroupRegularExpressionKey.RECORD_TYPE -> Optional.of(regex(key, value));
            default -> Optional.empty();
        };
    }

    private static ModernGroupRecord groupEpoch(BufferReader in, Optional<BufferReader> value) {
        String group = ConsumerGroupMetadataKey.from(in, VERSION).groupId();
        return choose(
                value,
                content -> {
                    ConsumerGroupMetadataValue read = ConsumerGroupMetadataValue.from(content, version(content));
                    return new ModernGroupRecord.EpochStored(group, read.epoch(), read.metadataHash());
                },
                () -> new ModernGroupRecord.EpochRemoved(group));
    }

    private static ModernGroupRecord member(BufferReader in, Optional<BufferReader> value) {
        ConsumerGroupMemberMetadataKey key = ConsumerGroupMemberMetadataKey.from(in, VERSION);
        return choose(
                value,
                content -> new ModernGroupRecord.MemberStored(
                        key.groupId(), RecordValues.member(key.memberId(), content, version(content))),
                () -> new ModernGroupRecord.MemberRemoved(key.groupId(), key.memberId()));
    }

    private static ModernGroupRecord targetEpoch(BufferReader in, Optional<BufferReader> value) {
        String group =
                ConsumerGroupTargetAssignmentMetadataKey.from(in, VERSION).groupId();
        return choose(
                value,
                content -> {
                    ConsumerGroupTargetAssignmentMetadataValue read =
                            ConsumerGroupTargetAssignmentMetadataValue.from(content, version(content));
                    return new ModernGroupRecord.TargetEpochStored(
                            group, read.assignmentEpoch(), read.assignmentTimestamp());
                },
                () -> new ModernGroupRecord.TargetEpochRemoved(group));
    }

    private static ModernGroupRecord target(BufferReader in, Optional<BufferReader> value) {
        ConsumerGroupTargetAssignmentMemberKey key = ConsumerGroupTargetAssignmentMemberKey.from(in, VERSION);
        return choose(
                value,
                content -> new ModernGroupRecord.TargetStored(
                        key.groupId(), key.memberId(), RecordValues.target(content, version(content))),
                () -> new ModernGroupRecord.TargetRemoved(key.groupId(), key.memberId()));
    }

    private static ModernGroupRecord current(BufferReader in, Optional<BufferReader> value) {
        ConsumerGroupCurrentMemberAssignmentKey key = ConsumerGroupCurrentMemberAssignmentKey.from(in, VERSION);
        return choose(
                value,
                content -> new ModernGroupRecord.CurrentStored(
                        key.groupId(), key.memberId(), RecordValues.current(content, version(content))),
                () -> new ModernGroupRecord.CurrentRemoved(key.groupId(), key.memberId()));
    }

    private static ModernGroupRecord regex(BufferReader in, Optional<BufferReader> value) {
        ConsumerGroupRegularExpressionKey key = ConsumerGroupRegularExpressionKey.from(in, VERSION);
        return choose(
                value,
                content -> new ModernGroupRecord.RegexStored(
                        key.groupId(), key.regularExpression(), RecordValues.regex(content, version(content))),
                () -> new ModernGroupRecord.RegexRemoved(key.groupId(), key.regularExpression()));
    }

    private static ModernGroupRecord choose(
            Optional<BufferReader> value,
            Function<BufferReader, ModernGroupRecord> stored,
            Supplier<ModernGroupRecord> removed) {
        return value.map(stored).orElseGet(removed);
    }

    private static short version(BufferReader in) {
        return in.readShort();
    }

    private static ByteBuffer key(ModernGroupRecord record) {
        String group = record.groupId();
        if (record instanceof ModernGroupRecord.EpochStored || record instanceof ModernGroupRecord.EpochRemoved) {
            return prefixed(ConsumerGroupMetadataKey.RECORD_TYPE, new ConsumerGroupMetadataKey().setGroupId(group));
        }
        if (record instanceof ModernGroupRecord.TargetEpochStored
                || record instanceof ModernGroupRecord.TargetEpochRemoved) {
            return prefixed(
                    ConsumerGroupTargetAssignmentMetadataKey.RECORD_TYPE,
                    new ConsumerGroupTargetAssignmentMetadataKey().setGroupId(group));
        }
        if (record instanceof ModernGroupRecord.MemberStored stored) {
            return memberKey(group, stored.member().memberId());
        }
        if (record instanceof ModernGroupRecord.MemberRemoved removed) {
            return memberKey(group, removed.memberId());
        }
        if (record instanceof ModernGroupRecord.TargetStored stored) {
            return targetKey(group, stored.memberId());
        }
        if (record instanceof ModernGroupRecord.TargetRemoved removed) {
            return targetKey(group, removed.memberId());
        }
        if (record instanceof ModernGroupRecord.CurrentStored stored) {
            return currentKey(group, stored.memberId());
        }
        if (record instanceof ModernGroupRecord.CurrentRemoved removed) {
            return currentKey(group, removed.memberId());
        }
        if (record instanceof ModernGroupRecord.RegexStored stored) {
            return regexKey(group, stored.regex());
        }
        if (record instanceof ModernGroupRecord.RegexRemoved removed) {
            return regexKey(group, removed.regex());
        }
        return prefixed(
                ConsumerGroupPartitionMetadataKey.RECORD_TYPE,
                new ConsumerGroupPartitionMetadataKey().setGroupId(group));
    }

    private static ByteBuffer memberKey(String group, String memberId) {
        return prefixed(
                ConsumerGroupMemberMetadataKey.RECORD_TYPE,
                new ConsumerGroupMemberMetadataKey().setGroupId(group).setMemberId(memberId));
    }

    private static ByteBuffer targetKey(String group, String memberId) {
        return prefixed(
                ConsumerGroupTargetAssignmentMemberKey.RECORD_TYPE,
                new ConsumerGroupTargetAssignmentMemberKey().setGroupId(group).setMemberId(memberId));
    }

    private static ByteBuffer currentKey(String group, String memberId) {
        return prefixed(
                ConsumerGroupCurrentMemberAssignmentKey.RECORD_TYPE,
                new ConsumerGroupCurrentMemberAssignmentKey().setGroupId(group).setMemberId(memberId));
    }

    private static ByteBuffer regexKey(String group, String regex) {
        return prefixed(
                ConsumerGroupRegularExpressionKey.RECORD_TYPE,
                new ConsumerGroupRegularExpressionKey().setGroupId(group).setRegularExpression(regex));
    }

    private static ByteBuffer prefixed(short prefix, Message message) {
        BufferWriter out = new BufferWriter();
        out.writeShort(prefix);
        message.write(out, VERSION);
        return out.toBuffer();
    }
}
