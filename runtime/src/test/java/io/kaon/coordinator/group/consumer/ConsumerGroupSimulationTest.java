// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.coordinator.group.consumer.FakeConsumer.Place;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Members come, go, fall silent, lose answers and change their minds, topics come and go, the log commits late, and
 * coordinators fail over with the loss of what was not committed. At every step no partition has two owners among the
 * members that the group knows, by what each was told; and when quiet returns, every partition has one.
 */
class ConsumerGroupSimulationTest {
    private static final int STEPS = 1_000;
    private static final int MAX_MEMBERS = 8;
    private static final int HEARTBEAT_MS = 5_000;
    private static final List<String> TOPICS = List.of("a-1", "a-2", "b-1");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldNeverGiveAPartitionToTwoMembers(long seed) {
        new Simulation(seed).run();
    }

    private static final class Simulation {
        private final Random random;
        private final String name;
        private final ConsumerFixture fixture;
        private final List<FakeConsumer> members = new ArrayList<>();
        private final Set<FakeConsumer> silent = new HashSet<>();
        /** Targets that are computed elsewhere, in half of the simulations. */
        private final Queue<Runnable> computations = new ArrayDeque<>();

        private final Map<String, Integer> partitions = new HashMap<>();
        private int ids;

        Simulation(long seed) {
            random = new Random(seed * 0x9E3779B97F4A7C15L); // the first boolean of small seeds is always true
            name = "seed " + seed;
            int interval = random.nextBoolean() ? 0 : 1_000;
            fixture = new ConsumerFixture(
                    ConsumerGroupOptions.DEFAULTS,
                    new ConsumerGroupConfig(45_000, HEARTBEAT_MS, interval, 0),
                    random.nextBoolean() ? TargetComputation.LARGE : 0);
            fixture.background = computations::add;
            addPartitions();
        }

        void run() {
            for (int step = 0; step < STEPS; step++) {
                act();
                check();
            }
            settle();
        }

        private void act() {
            if (random.nextInt(10) == 0) {
                compute();
            }
            int dice = random.nextInt(100);
            if (dice < 45) {
                someMember().filter(member -> !silent.contains(member)).ifPresent(FakeConsumer::beat);
            } else if (dice < 61) {
                someMember().ifPresent(FakeConsumer::finish);
            } else if (dice < 64) {
                someMember().ifPresent(FakeConsumer::beatInVain);
            } else if (dice < 68) {
                come();
            } else if (dice < 72) {
                someMember().ifPresent(this::go);
            } else if (dice < 76) {
                someMember().ifPresent(this::changeSubscription);
            } else if (dice < 79) {
                someMember().ifPresent(FakeConsumer::loseAnswer);
            } else if (dice < 81) {
                someMember().ifPresent(this::pauseOrResume);
            } else if (dice < 88) {
                fixture.time.advance(random.nextInt(4_000));
            } else if (dice < 90) {
                addPartitions();
            } else if (dice < 91) {
                removeTopic();
            } else if (dice < 96) {
                commit();
            } else if (dice < 98) {
                fixture.log.commitLate();
            } else {
                failOver();
            }
            members.forEach(FakeConsumer::receive);
        }

        private void compute() {
            while (!computations.isEmpty()) {
                computations.remove().run();
            }
        }

        private Optional<FakeConsumer> someMember() {
            return members.isEmpty() ? Optional.empty() : Optional.of(members.get(random.nextInt(members.size())));
        }

        private void come() {
            if (members.size() < MAX_MEMBERS) {
                Optional<String> instance = Optional.empty();
                if (random.nextInt(4) == 0) {
                    instance = Optional.of("instance-" + ids);
                }
                members.add(new FakeConsumer(fixture, "member-" + ids++, instance, someTopics()));
            }
        }

        private void go(FakeConsumer member) {
            member.leave(random.nextBoolean());
            members.remove(member);
            silent.remove(member);
        }

        private Set<String> someTopics() {
            Set<String> some = new TreeSet<>(TOPICS);
            if (random.nextInt(3) == 0) {
                some.remove(TOPICS.get(random.nextInt(TOPICS.size())));
            }
            return some;
        }

        private void changeSubscription(FakeConsumer member) {
            if (random.nextBoolean()) {
                member.subscribe(someTopics(), "");
            } else {
                member.subscribe(Set.of(), random.nextBoolean() ? "a-.*" : "[ab]-1");
            }
        }

        private void pauseOrResume(FakeConsumer member) {
            if (!silent.remove(member)) {
                silent.add(member);
            }
        }

        private void addPartitions() {
            String topic = TOPICS.get(random.nextInt(TOPICS.size()));
            int count = Math.min(12, partitions.getOrDefault(topic, 0) + 1 + random.nextInt(4));
            partitions.put(topic, count);
            fixture.topic(topic, count);
        }

        private void removeTopic() {
            List<String> present = List.copyOf(new TreeSet<>(partitions.keySet()));
            if (present.size() > 1) {
                String topic = present.get(random.nextInt(present.size()));
                partitions.remove(topic);
                fixture.removeTopic(topic);
            }
        }

        private void commit() {
            if (random.nextBoolean()) {
                fixture.log.commitAtOnce();
            } else {
                fixture.log.commit();
            }
        }

        private void failOver() {
            fixture.coordinator.onResigned(0);
            if (random.nextBoolean()) {
                fixture.log.loseTail();
            }
            // A new leader serves what is committed, and knows that all that it has is.
            fixture.log.commitAtOnce();
            fixture.elect();
            fixture.time.advance(1_000);
        }

        /** A member that the group does not know any more has been told so, or will be when it asks. */
        private void check() {
            assertThat(fixture.failures).as(name).isEmpty();
            Set<String> known = fixture.log.committedOffset() == fixture.log.endOffset()
                    ? fixture.describe().members().stream()
                            .map(member -> member.memberId())
                            .collect(Collectors.toSet())
                    : Set.of();
            Map<Place, String> owners = new HashMap<>();
            for (FakeConsumer member : members) {
                if (known.contains(member.memberId())) {
                    for (Place place : member.owned()) {
                        String other = owners.put(place, member.memberId());
                        assertThat(other)
                                .as("%s: owner of %s beside %s", name, place, member.memberId())
                                .isNull();
                    }
                }
            }
        }

        /** All are heard, nothing else happens: everything that is wanted gets one owner. */
        private void settle() {
            fixture.log.commitAtOnce();
            silent.clear();
            for (int round = 0; round < 60; round++) {
                for (FakeConsumer member : members) {
                    member.finish();
                    member.beat();
                    check();
                }
                compute();
                fixture.time.advance(HEARTBEAT_MS);
            }
            Set<Place> owned = new HashSet<>();
            for (FakeConsumer member : members) {
                assertThat(member.hasJoined()).as(name).isTrue();
                owned.addAll(member.owned());
            }
            assertThat(owned).as(name).isEqualTo(wanted());
            assertThat(fixture.describe().groupState())
                    .as(name)
                    .isEqualTo(members.isEmpty() ? fixture.describe().groupState() : "Stable");
        }

        private Set<Place> wanted() {
            Set<Place> wanted = new HashSet<>();
            for (FakeConsumer member : members) {
                for (String topic : member.topics(partitions.keySet())) {
                    for (int index = 0; index < partitions.get(topic); index++) {
                        wanted.add(new Place(
                                fixture.image.topic(topic).orElseThrow().id(), index));
                    }
                }
            }
            return wanted;
        }
    }
}
