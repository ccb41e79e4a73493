// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.coordinator.group.consumer.ConsumerGroupConfig;
import io.kaon.wire.message.ConsumerGroupDescribeRequest;
import io.kaon.wire.message.OffsetFetchRequest;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestGroup;
import io.kaon.wire.message.OffsetFetchRequest.OffsetFetchRequestTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Members of both protocols come, go, fall silent, crash and change their protocol while the coordinator moves and its
 * log commits late or loses its tail. {@code -Dkaon.seeds=from,count} runs others than the usual seeds.
 */
final class MixedGroupSimulationTest {
    private static final int MEMBERS = 5;
    private static final int PARTITIONS = 7;
    private static final int STEPS = 1_500;
    private static final int HEALING_STEPS = 300;

    static LongStream seeds() {
        String[] range = System.getProperty("kaon.seeds", "1,25").split(",");
        long first = Long.parseLong(range[0]);
        return LongStream.range(first, first + Long.parseLong(range[1]));
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldHaveOneOwnerOfEachPartitionAndLoseNoCommit(long seed) {
        // Given
        Run run = new Run(seed);

        // When
        for (int i = 0; i < STEPS; i++) {
            run.step();
        }
        run.heal();

        // Then: everybody who lives shares the partitions, and there was something to see
        List<Integer> owned = new ArrayList<>();
        run.clients.forEach(client -> owned.addAll(client.owned));
        assertThat(owned)
                .as(
                        "%s; the coordinator: %s",
                        run.clients.stream().map(MixedClient::describe).toList(), run.view())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, PARTITIONS).boxed().toList());
        assertThat(run.clients).allMatch(MixedClient::isStable);
        assertThat(run.history.acknowledgedCount()).isGreaterThan(10);
    }

    private static final class Run {
        private final Random random;
        private final GroupFixture fixture = new GroupFixture();
        private final MixedHistory history = new MixedHistory();
        private final List<MixedClient> clients = new ArrayList<>();
        private final boolean[] paused = new boolean[MEMBERS];
        private final boolean cooperative;
        /** How likely a process that starts speaks the consumer protocol, in percent: changes as in a rollout. */
        private int modernPercent;

        private int processes;
        private boolean commitsLate;

        Run(long seed) {
            random = new Random(seed * 0x9E3779B97F4A7C15L); // the first boolean of small seeds is always true
            cooperative = random.nextBoolean();
            modernPercent = random.nextInt(3) * 50;
            fixture.image = ConsumerBytes.image(1, PARTITIONS);
            fixture.consumerConfig = new ConsumerGroupConfig(10_000, 3_000, random.nextBoolean() ? 0 : 1_000, 0);
            for (int i = 0; i < MEMBERS; i++) {
                clients.add(process(i));
            }
        }

        private MixedClient process(int index) {
            // Every fourth one is static.
            String instanceId = index % 4 == 0 ? "static-" + index : "";
            return random.nextInt(100) < modernPercent
                    ? new MixedConsumerClient(fixture, history, instanceId, "process-" + ++processes)
                    : new MixedClassicClient(fixture, history, instanceId, cooperative, PARTITIONS);
        }

        void step() {
            int index = random.nextInt(MEMBERS);
            MixedClient client = clients.get(index);
            int what = random.nextInt(1_000);
            if (what < 6) {
                clients.set(index, process(index));
                paused[index] = false;
            } else if (what < 14) {
                client.leave();
                clients.set(index, process(index));
                paused[index] = false;
            } else if (what < 18) {
                paused[index] = !paused[index];
                history.excuse(client);
            } else if (what < 20) {
                modernPercent = random.nextInt(3) * 50;
            } else if (what < 26) {
                fixture.log.commitLate();
                commitsLate = true;
            } else if (what < 60) {
                fixture.log.commitTo(random.nextInt((int) fixture.log.endOffset() + 1));
            } else if (what < 80) {
                fixture.log.commitAtOnce();
                commitsLate = false;
            } else if (what < 84) {
                failOver();
            } else if (what < 200 && client.canCommit()) {
                List.copyOf(client.owned).forEach(client::commit);
            } else if (what < 280) {
                fixture.time.advance(random.nextInt(1_500));
            } else if (!paused[index]) {
                client.step();
            }
            check();
        }

        private void check() {
            assertThat(fixture.failures).isEmpty();
            fetchAll();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                int index = partition;
                List<MixedClient> claimants = clients.stream()
                        .filter(client -> client.canCommit() && client.owned.contains(index))
                        .toList();
                if (claimants.size() > 1 && !commitsLate) {
                    // Somebody has not heard yet that it is out; then it cannot do any harm.
                    assertThat(claimants.stream()
                                    .filter(client -> client.commit(index).join() == ErrorCode.NONE)
                                    .map(MixedClient::describe))
                            .as("owners of partition %s", index)
                            .hasSizeLessThanOrEqualTo(1);
                }
            }
        }

        private void fetchAll() {
            OffsetFetchRequestTopics topic = new OffsetFetchRequestTopics()
                    .setName("topic-0")
                    .setPartitionIndexes(IntStream.range(0, PARTITIONS).boxed().toList());
            OffsetFetchRequest request = new OffsetFetchRequest()
                    .setGroups(List.of(new OffsetFetchRequestGroup()
                            .setGroupId(GroupFixture.GROUP)
                            .setTopics(List.of(topic))));
            fixture.done(fixture.coordinator.fetchOffsets(fixture.from(8), request))
                    .groups()
                    .get(0)
                    .topics()
                    .get(0)
                    .partitions()
                    .forEach(partition -> history.onFetched(partition.partitionIndex(), partition.committedOffset()));
        }

        /** The new leader has what was committed, and maybe more. */
        private void failOver() {
            fixture.coordinator.onResigned(0);
            if (random.nextBoolean()) {
                fixture.log.loseTail();
            }
            history.onFailover();
            fixture.elect();
        }

        private String view() {
            return fixture.done(fixture.coordinator.describeConsumerGroups(
                            fixture.from(1),
                            new ConsumerGroupDescribeRequest().setGroupIds(List.of(GroupFixture.GROUP))))
                    + " " + fixture.describe();
        }

        void heal() {
            fixture.log.commitAtOnce();
            commitsLate = false;
            for (int i = 0; i < HEALING_STEPS; i++) {
                clients.forEach(MixedClient::step);
                fixture.time.advance(1_000);
                check();
            }
        }
    }
}
