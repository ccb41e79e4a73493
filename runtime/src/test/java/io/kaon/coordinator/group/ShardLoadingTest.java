// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static io.kaon.coordinator.group.GroupFixture.GROUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.coordinator.KeyValue;
import io.kaon.coordinator.ShardOptions;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How a shard comes from the log into memory. */
final class ShardLoadingTest {
    private static final ShardOptions TINY_CHUNKS = new ShardOptions(1_000_000, 5_000, 1, 100);

    private final GroupRecordCodec codec = new GroupRecordCodec();
    private final GroupFixture fixture =
            new GroupFixture(GroupOptions.DEFAULTS.withInitialRebalanceDelayMs(0), TINY_CHUNKS, 1);

    @Test
    void shouldKeepTheLastRecordOfEachKeyOverManyChunks() {
        // Given
        for (int offset = 0; offset < 5_000; offset++) {
            put(committed(offset % 3, offset));
        }
        put(new GroupRecord.OffsetRemoved(GROUP, new TopicPartition("topic", 1)));

        // When
        fixture.elect();

        // Then
        assertThat(fixture.fetch()).isEqualTo(4_998);
        assertThat(fixture.describe().groupState()).isEqualTo("Empty");
    }

    @Test
    void shouldSkipRecordTypesOfNewerBrokers() {
        // Given
        put(committed(0, 1));
        fixture.log.put(KeyValue.of(ByteBuffer.allocate(10).putShort(0, (short) 99), ByteBuffer.allocate(4)));
        put(committed(0, 2));

        // When
        fixture.elect();

        // Then
        assertThat(fixture.fetch()).isEqualTo(2);
    }

    @Test
    void shouldStayAwayWhenRecordCannotBeRead() {
        // Given
        fixture.log.put(KeyValue.of(ByteBuffer.allocate(3).putShort(0, (short) 1), ByteBuffer.allocate(4)));

        // When
        fixture.elect();

        // Then
        assertThat(fixture.commit(-1, "", 1)).isEqualTo(ErrorCode.NOT_COORDINATOR);
    }

    @Test
    void shouldStopLoadingWhenItResigns() {
        // Given
        put(committed(0, 1));
        fixture.log.holdReads();
        fixture.elect();
        var commit = fixture.commit(8, GroupFixture.commitRequest(-1, "", 5));

        // When
        fixture.coordinator.onResigned(0);
        fixture.log.releaseReads();

        // Then
        assertThat(GroupFixture.errorOf(fixture.done(commit))).isEqualTo(ErrorCode.NOT_COORDINATOR);
        assertThat(fixture.log.records()).hasSize(1);
    }

    @Test
    void shouldLoadBySelfAfterAMoment() {
        // Given: a group whose member is gone, and nobody who asks
        String member = fixture.stableGroup(1).get(0);
        fixture.elect();
        int before = fixture.log.records().size();

        // When
        fixture.time.advance(GroupFixture.SESSION_MS + 1_000);

        // Then: it has timed out and the group is written as empty
        assertThat(fixture.log.records()).hasSize(before + 1);
        assertThat(fixture.heartbeat(1, member)).isEqualTo(ErrorCode.UNKNOWN_MEMBER_ID);
    }

    @Test
    void shouldForgetDeletedTopicsEvenWhileItLoads() {
        // Given
        put(committed(0, 7));
        fixture.log.holdReads();
        fixture.elect();

        // When
        fixture.coordinator.onTopicsDeleted(Map.of(new Uuid(0, 1), "topic"));
        fixture.time.advance(1_000);
        fixture.log.releaseReads();

        // Then
        assertThat(fixture.fetch()).isEqualTo(-1);
    }

    @Test
    void shouldPlaceGroupsWhereKafkaDoes() {
        // Given
        GroupFixture fifty = new GroupFixture(GroupOptions.DEFAULTS, ShardOptions.DEFAULTS, 50);

        // Then: the second hash is negative, the third one the smallest int there is
        assertThat(fifty.coordinator.partitionFor("payments")).isEqualTo(13);
        assertThat(fifty.coordinator.partitionFor("orders")).isEqualTo(31);
        assertThat("polygenelubricants".hashCode()).isEqualTo(Integer.MIN_VALUE);
        assertThat(fifty.coordinator.partitionFor("polygenelubricants")).isZero();
    }

    @Test
    void shouldRefuseCommitThatDoesNotFitIntoABatch() {
        // Given
        GroupFixture small = new GroupFixture(GroupOptions.DEFAULTS, new ShardOptions(40, 5_000, 1_000, 100), 1);

        // Then
        assertThat(small.commit(-1, "", 1)).isEqualTo(ErrorCode.INVALID_COMMIT_OFFSET_SIZE);
        assertThat(small.log.records()).isEmpty();
    }

    private void put(GroupRecord record) {
        fixture.log.put(codec.encode(record));
    }

    private static GroupRecord committed(int partition, long offset) {
        return new GroupRecord.OffsetCommitted(
                GROUP, new TopicPartition("topic", partition), new OffsetEntry(offset, -1, "", 1_000_000, -1));
    }
}
