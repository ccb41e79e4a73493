// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * What a group promises its members, in the classic protocol or in that of KIP-848: {@code bootstrap prefix
 * classic|consumer}. All members live in one thread, which polls them in turn. Each step prints a line.
 */
public final class GroupMembers {
    private static final Duration POLL = Duration.ofMillis(20);
    private static final long PATIENCE_NS = Duration.ofSeconds(60).toNanos();
    private static final int PARTITIONS = 6;

    private final String bootstrap;
    private final String prefix;
    private final boolean classic;
    private final Admin admin;

    private GroupMembers(String bootstrap, String prefix, boolean classic) {
        this.bootstrap = bootstrap;
        this.prefix = prefix;
        this.classic = classic;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    public static void main(String[] args) throws Exception {
        GroupMembers steps = new GroupMembers(args[0], args[1], args[2].equals("classic"));
        steps.run();
        steps.admin.close();
    }

    private void run() throws Exception {
        create("six", PARTITIONS);
        create("three-a", 3);
        create("three-b", 3);
        create("pattern-1", 1);
        create("pattern-2", 2);
        // A broker may look for new topics of a pattern only every ten seconds: this one waits while the others run.
        Member pattern = pattern("^" + prefix + "-pattern-.*");
        until(() -> pattern.owned().size() == 3, pattern);
        create("pattern-3", 3);
        joinAndLeave();
        commitAndResume();
        moveOnlyWhatMoves();
        staticMembers();
        sameInstanceTwice();
        assignors();
        refused();
        migrate();
        until(() -> pattern.owned().size() == 6, pattern);
        pattern.close();
        System.out.println("pattern: 3, then 6 partitions");
    }

    private void joinAndLeave() {
        Member first = member("joiners", Map.of());
        first.subscribe("six");
        until(() -> sizes(first).equals("6"), first);
        Member second = member("joiners", Map.of());
        second.subscribe("six");
        until(() -> sizes(first, second).equals("3 3"), first, second);
        Member third = member("joiners", Map.of());
        third.subscribe("six");
        until(() -> sizes(first, second, third).equals("2 2 2"), first, second, third);
        second.close();
        until(() -> sizes(first, third).equals("3 3"), first, third);
        first.consumer.unsubscribe();
        until(() -> sizes(third).equals("6"), third);
        first.close();
        third.close();
        System.out.println("join and leave: 6, 3 3, 2 2 2, 3 3, 6");
    }

    private void commitAndResume() {
        TopicPartition partition = new TopicPartition(prefix + "-six", 4);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap), new StringSerializer(), new StringSerializer())) {
            for (int n = 0; n < 20; n++) {
                producer.send(new ProducerRecord<>(partition.topic(), partition.partition(), null, "value-" + n));
            }
        }
        Member first = member("resumers", Map.of());
        first.subscribe("six");
        until(() -> first.values.size() == 20, first);
        first.consumer.commitSync(Map.of(partition, new OffsetAndMetadata(5, Optional.empty(), "noted")));
        first.close();
        Member second = member("resumers", Map.of());
        second.subscribe("six");
        until(() -> second.values.size() == 15, second);
        String firstValue = second.values.get(0);
        OffsetAndMetadata committed =
                second.consumer.committed(Set.of(partition)).get(partition);
        second.values.clear();
        second.consumer.seek(partition, 18);
        until(() -> second.values.size() == 2, second);
        second.consumer.seekToBeginning(List.of(partition));
        until(() -> second.values.size() == 22, second);
        second.consumer.commitSync();
        long now = second.consumer.committed(Set.of(partition)).get(partition).offset();
        second.close();
        System.out.println("resumed with " + firstValue + " " + committed.metadata() + ", committed " + now);
    }

    /** Incremental rebalancing: a member keeps what it keeps. */
    private void moveOnlyWhatMoves() {
        Map<String, Object> config = classic
                ? Map.of("partition.assignment.strategy", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor")
                : Map.of();
        Member first = member("movers", config);
        first.subscribe("six");
        until(() -> sizes(first).equals("6"), first);
        Member second = member("movers", config);
        second.subscribe("six");
        until(() -> sizes(first, second).equals("3 3"), first, second);
        System.out.println("cooperative: given " + first.given + ", taken " + first.taken);
        first.close();
        second.close();
    }

    /** A static member that comes back in time gets what it had, and the others do not notice. */
    private void staticMembers() {
        Member other = member("statics", Map.of("group.instance.id", "other"));
        Member leaving = member("statics", Map.of("group.instance.id", "leaving"));
        other.subscribe("six");
        leaving.subscribe("six");
        until(() -> sizes(other, leaving).equals("3 3"), other, leaving);
        Set<TopicPartition> before = leaving.owned();
        int taken = other.taken;
        int given = other.given;
        leaving.close();
        Member back = member("statics", Map.of("group.instance.id", "leaving"));
        back.subscribe("six");
        until(() -> sizes(other, back).equals("3 3"), other, back);
        boolean same = back.owned().equals(before);
        System.out.println("static: same partitions " + same + ", the other was given " + (other.given - given)
                + " and lost " + (other.taken - taken));
        back.close();
        other.close();
    }

    private void sameInstanceTwice() {
        Member first = member("twins", Map.of("group.instance.id", "twin"));
        first.subscribe("six");
        until(() -> sizes(first).equals("6"), first);
        Member second = member("twins", Map.of("group.instance.id", "twin"));
        second.subscribe("six");
        until(() -> first.failure != null || second.failure != null, first, second);
        System.out.println(
                "same instance twice: first " + nameOf(first.failure) + ", second " + nameOf(second.failure));
        first.close();
        second.close();
    }

    private void assignors() {
        System.out.println("range: " + divided("range", "org.apache.kafka.clients.consumer.RangeAssignor")
                + ", uniform: " + divided("uniform", "org.apache.kafka.clients.consumer.StickyAssignor"));
    }

    private String divided(String serverSide, String clientSide) {
        Map<String, Object> config = classic
                ? Map.of("partition.assignment.strategy", clientSide)
                : Map.of("group.remote.assignor", serverSide);
        Member first = member("divided-" + serverSide, config);
        Member second = member("divided-" + serverSide, config);
        first.subscribe("three-a", "three-b");
        second.subscribe("three-a", "three-b");
        until(
                () -> !first.owned().isEmpty()
                        && !second.owned().isEmpty()
                        && union(first, second).size() == 6,
                first,
                second);
        // Which of the two gets more depends on their ids, which are random.
        String sizes = Stream.of(first, second)
                .map(member -> Integer.toString(member.owned().size()))
                .sorted()
                .collect(Collectors.joining(" "));
        first.close();
        second.close();
        return sizes;
    }

    /** What the broker cannot serve is told to the member at once. */
    private void refused() {
        List<String> seen = new ArrayList<>();
        if (classic) {
            Member first = member("refused", Map.of());
            first.subscribe("six");
            until(() -> sizes(first).equals("6"), first);
            Member other = member(
                    "refused",
                    Map.of("partition.assignment.strategy", "org.apache.kafka.clients.consumer.RoundRobinAssignor"));
            other.subscribe("six");
            until(() -> other.failure != null, first, other);
            seen.add(nameOf(other.failure));
            first.close();
            other.close();
            Member impatient = member("refused", Map.of("session.timeout.ms", 100, "heartbeat.interval.ms", 50));
            impatient.subscribe("six");
            until(() -> impatient.failure != null, impatient);
            seen.add(nameOf(impatient.failure));
            impatient.close();
        } else {
            Member first = member("refused", Map.of("group.remote.assignor", "nobody"));
            first.subscribe("six");
            until(() -> first.failure != null, first);
            seen.add(nameOf(first.failure));
            first.close();
            Member malformed = pattern("(unclosed");
            until(() -> malformed.failure != null, malformed);
            seen.add(nameOf(malformed.failure));
            malformed.close();
        }
        System.out.println("refused: " + String.join(", ", seen));
    }

    /** A member of the other protocol joins the group: the group works on, also when either has left. */
    private void migrate() {
        Member first = member("migrants", Map.of());
        first.subscribe("six");
        until(() -> sizes(first).equals("6"), first);
        Member second = member("migrants", protocol(!classic));
        second.subscribe("six");
        until(() -> sizes(first, second).equals("3 3"), first, second);
        String shared = type("migrants");
        first.close();
        until(() -> sizes(second).equals("6"), second);
        Member third = member("migrants", protocol(!classic));
        third.subscribe("six");
        until(() -> sizes(second, third).equals("3 3"), second, third);
        System.out.println("migration: shared as " + shared + ", then " + type("migrants"));
        second.close();
        third.close();
    }

    private String type(String group) {
        try {
            return admin.listGroups().all().get().stream()
                    .filter(listing -> listing.groupId().equals(prefix + "-" + group))
                    .map(listing -> listing.type().map(Object::toString).orElse("?"))
                    .collect(Collectors.joining());
        } catch (Exception failure) {
            throw new IllegalStateException("groups cannot be listed", failure);
        }
    }

    private void create(String topic, int partitions) throws Exception {
        admin.createTopics(List.of(new NewTopic(prefix + "-" + topic, partitions, (short) 1)))
                .all()
                .get();
    }

    private Member pattern(String pattern) {
        Member member = member("patterns-" + pattern.length(), Map.of("metadata.max.age.ms", 500));
        if (classic) {
            member.consumer.subscribe(Pattern.compile(pattern), member);
        } else {
            member.consumer.subscribe(new SubscriptionPattern(pattern), member);
        }
        return member;
    }

    private Member member(String group, Map<String, Object> config) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "bootstrap.servers",
                bootstrap,
                "group.id",
                prefix + "-" + group,
                "auto.offset.reset",
                "earliest",
                "enable.auto.commit",
                "false"));
        if (!config.containsKey("group.protocol")) {
            all.putAll(protocol(classic));
        }
        all.putAll(config);
        return new Member(all);
    }

    /** The classic members beat often, so that they soon hear of a rebalance. */
    private static Map<String, Object> protocol(boolean classic) {
        return classic
                ? Map.of(
                        "group.protocol",
                        "classic",
                        "heartbeat.interval.ms",
                        100,
                        "partition.assignment.strategy",
                        "org.apache.kafka.clients.consumer.RangeAssignor")
                : Map.of("group.protocol", "consumer");
    }

    private static void until(BooleanSupplier condition, Member... members) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!condition.getAsBoolean()) {
            for (Member member : members) {
                member.poll();
            }
            if (System.nanoTime() > deadlineNs) {
                String state = Stream.of(members).map(Member::toString).collect(Collectors.joining("\n"));
                throw new IllegalStateException("it does not come to that; the members:\n" + state);
            }
        }
    }

    /** How many partitions each owns, as long as they own different ones. */
    private static String sizes(Member... members) {
        int sum = Stream.of(members).mapToInt(member -> member.owned().size()).sum();
        return union(members).size() < sum
                ? "shared"
                : Stream.of(members)
                        .map(member -> Integer.toString(member.owned().size()))
                        .collect(Collectors.joining(" "));
    }

    private static Set<TopicPartition> union(Member... members) {
        return Stream.of(members).flatMap(member -> member.owned().stream()).collect(Collectors.toSet());
    }

    private static String nameOf(RuntimeException failure) {
        return failure == null ? "none" : failure.getClass().getSimpleName();
    }

    /** One consumer and what happened to it. */
    private final class Member implements ConsumerRebalanceListener {
        private final KafkaConsumer<String, String> consumer;
        private final List<String> values = new ArrayList<>();
        private int given;
        private int taken;
        private RuntimeException failure;

        Member(Map<String, Object> config) {
            consumer = new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer());
        }

        void subscribe(String... topics) {
            consumer.subscribe(
                    Stream.of(topics).map(topic -> prefix + "-" + topic).toList(), this);
        }

        void poll() {
            if (failure != null) {
                return;
            }
            try {
                consumer.poll(POLL).forEach(record -> values.add(record.value()));
            } catch (KafkaException problem) {
                failure = problem;
            }
        }

        Set<TopicPartition> owned() {
            return new HashSet<>(consumer.assignment());
        }

        void close() {
            try {
                consumer.close();
            } catch (KafkaException problem) {
                if (failure == null) {
                    throw problem;
                }
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            given += partitions.size();
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            taken += partitions.size();
        }

        @Override
        public String toString() {
            return owned() + ", given " + given + ", taken " + taken + ", " + values.size() + " values, " + failure;
        }
    }
}
