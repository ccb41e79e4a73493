// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.TopicPartition;
import io.kaon.coordinator.PartitionShardLog;
import io.kaon.coordinator.ShardLog;
import io.kaon.exec.DiskThreads;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.replication.PartitionLookup;
import io.kaon.server.Authoriser;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DeleteGroupsRequest;
import io.kaon.wire.message.DeleteGroupsResponse;
import io.kaon.wire.message.OffsetCommitRequest;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestPartition;
import io.kaon.wire.message.OffsetCommitRequest.OffsetCommitRequestTopic;
import io.kaon.wire.message.OffsetCommitResponse;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The coordinator's own topic, compacted beneath it: what groups have committed outlives that and a restart. */
class CompactedOffsetsTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "offsets.topic.num.partitions", "1",
            "offsets.topic.segment.bytes", "1048576");
    private static final String NOTE = "n".repeat(4_000);
    private static final int COMMITS = 800;
    private static final int PARTITIONS = 7;

    @TempDir
    Path data;

    private TestBroker broker;
    private int lives;

    @BeforeEach
    void start() {
        begin();
        broker.create("orders", PARTITIONS);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private void begin() {
        broker = new TestBroker(data, SETTINGS, Authoriser.ALLOW_ALL);
        broker.compact();
        // Any change of the metadata makes this broker look at what it leads.
        broker.create("life-" + lives++, 1);
    }

    @Test
    void shouldKnowTheOffsetsAfterCompactionAndARestart() {
        // Given
        for (int index = 0; index < COMMITS; index++) {
            commit("group-" + index % 3, index % PARTITIONS, index);
        }
        long before = bytes();

        // When
        broker.time.advance(10 * TestBroker.COMPACTION_MS);
        long after = bytes();
        broker.close();
        begin();

        // Then
        assertThat(after).isLessThan(before / 2);
        for (int index = COMMITS - 3 * PARTITIONS; index < COMMITS; index++) {
            assertThat(committed("group-" + index % 3, index % PARTITIONS)).isEqualTo(index);
        }
    }

    @Test
    void shouldGoOnCommittingWhileItIsCompacted() {
        // Given
        for (int index = 0; index < COMMITS; index++) {
            commit("group", index % PARTITIONS, index);
            broker.time.advance(TestBroker.COMPACTION_MS / 10);
        }

        // When
        broker.close();
        begin();

        // Then
        for (int index = COMMITS - PARTITIONS; index < COMMITS; index++) {
            assertThat(committed("group", index % PARTITIONS)).isEqualTo(index);
        }
    }

    @Test
    void shouldNotBringBackAGroupThatIsDeleted() {
        // Given: a group that is gone, and one that goes on
        for (int index = 0; index < COMMITS; index++) {
            commit("old", index % PARTITIONS, index);
        }
        DeleteGroupsRequest deletion = new DeleteGroupsRequest();
        deletion.groupsNames().add("old");
        DeleteGroupsResponse deleted = broker.call(ApiKey.DELETE_GROUPS, 2, deletion);
        assertThat(deleted.results().get(0).errorCode()).isZero();
        for (int index = 0; index < COMMITS; index++) {
            commit("young", index % PARTITIONS, index);
        }

        // When: its offsets go first, and their tombstones are all that is left
        broker.time.advance(2 * TestBroker.COMPACTION_MS);
        long after = bytes();
        broker.close();
        begin();

        // Then
        assertThat(after).isLessThan(2 << 20);
        assertThat(committed("old", 0)).isEqualTo(-1);
        for (int index = COMMITS - PARTITIONS; index < COMMITS; index++) {
            assertThat(committed("young", index % PARTITIONS)).isEqualTo(index);
        }
    }

    @Test
    void shouldLoadFromTheSegmentsOfNowWhenCompactionHasReplacedThoseOfBefore() {
        // Given
        for (int index = 0; index < COMMITS; index++) {
            commit("group", index % PARTITIONS, index);
        }
        PartitionLookup lookup = broker.partitions
                .open(new TopicPartition("__consumer_offsets", 0))
                .toCompletableFuture()
                .join();
        try (DiskThreads busy = new DiskThreads("busy", 1)) {
            ShardLog log =
                    new PartitionShardLog(((PartitionLookup.Found) lookup).partition(), busy, new StandardCodecs());
            CountDownLatch release = new CountDownLatch(1);
            busy.execute(() -> await(release));

            // When
            CompletionStage<?> chunk = log.read(0, 1 << 20);
            broker.time.advance(2 * TestBroker.COMPACTION_MS);
            release.countDown();

            // Then
            assertThat(chunk).succeedsWithin(Duration.ofSeconds(30));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private long bytes() {
        try (Stream<Path> files = Files.list(data.resolve("__consumer_offsets-0"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void commit(String group, int partition, long offset) {
        OffsetCommitRequestTopic topic = new OffsetCommitRequestTopic().setName("orders");
        topic.partitions()
                .add(new OffsetCommitRequestPartition()
                        .setPartitionIndex(partition)
                        .setCommittedOffset(offset)
                        .setCommittedMetadata(NOTE));
        OffsetCommitRequest request = new OffsetCommitRequest().setGroupId(group);
        request.topics().add(topic);
        OffsetCommitResponse response = broker.call(ApiKey.OFFSET_COMMIT, 9, request);
        assertThat(response.topics().get(0).partitions().get(0).errorCode()).isZero();
    }

    private long committed(String group, int partition) {
        OffsetFetchRequest.OffsetFetchRequestTopics topic =
                new OffsetFetchRequest.OffsetFetchRequestTopics().setName("orders");
        topic.partitionIndexes().add(partition);
        OffsetFetchRequest.OffsetFetchRequestGroup asked =
                new OffsetFetchRequest.OffsetFetchRequestGroup().setGroupId(group);
        asked.topics().add(topic);
        OffsetFetchRequest request = new OffsetFetchRequest();
        request.groups().add(asked);
        OffsetFetchResponse response = broker.call(ApiKey.OFFSET_FETCH, 9, request);
        assertThat(response.groups().get(0).errorCode()).isZero();
        return response.groups().get(0).topics().get(0).partitions().get(0).committedOffset();
    }
}
