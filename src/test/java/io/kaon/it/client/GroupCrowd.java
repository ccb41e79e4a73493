// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Many members of one group over twice as many partitions; then every second one leaves: {@code bootstrap topic group
 * classic|consumer members}. It ends when all partitions are shared out evenly, each to one member.
 */
public final class GroupCrowd {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NS = Duration.ofSeconds(120).toNanos();
    private static final long LOOK_AGAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Map<String, Object> config;
    private final String topic;
    private final int partitions;
    private final Map<Member, Set<TopicPartition>> owned = new ConcurrentHashMap<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();

    private GroupCrowd(Map<String, Object> config, String topic, int partitions) {
        this.config = config;
        this.topic = topic;
        this.partitions = partitions;
    }

    public static void main(String[] args) throws Exception {
        int count = Integer.parseInt(args[4]);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", args[0]))) {
            admin.createTopics(List.of(new NewTopic(args[1], 2 * count, (short) 1)))
                    .all()
                    .get();
        }
        Map<String, Object> config =
                Map.of("bootstrap.servers", args[0], "group.id", args[2], "group.protocol", args[3]);
        new GroupCrowd(config, args[1], 2 * count).run(count);
    }

    private void run(int count) throws InterruptedException {
        List<Member> members = new ArrayList<>();
        long began = System.nanoTime();
        for (int n = 0; n < count; n++) {
            Member member = new Member("member-" + n);
            members.add(member);
            member.start();
        }
        awaitShares(count);
        long joined = System.nanoTime();
        for (int n = 0; n < count; n += 2) {
            members.get(n).leaves = true;
        }
        awaitShares(count / 2);
        long left = System.nanoTime();
        for (Member member : members) {
            member.leaves = true;
        }
        for (Member member : members) {
            member.join();
        }
        System.out.println(count + " members shared " + partitions + " partitions after "
                + TimeUnit.NANOSECONDS.toMillis(joined - began) + " ms, half of them after "
                + TimeUnit.NANOSECONDS.toMillis(left - joined) + " ms more");
    }

    private void awaitShares(int count) {
        long deadlineNs = System.nanoTime() + PATIENCE_NS;
        while (!shared(count)) {
            if (failure.get() != null || System.nanoTime() > deadlineNs) {
                throw new IllegalStateException("the group does not come to rest: " + owned, failure.get());
            }
            LockSupport.parkNanos(LOOK_AGAIN_NS);
        }
    }

    private boolean shared(int count) {
        Set<TopicPartition> all = new HashSet<>();
        for (Set<TopicPartition> one : owned.values()) {
            if (one.size() != partitions / count) {
                return false;
            }
            all.addAll(one);
        }
        return owned.size() == count && all.size() == partitions;
    }

    private final class Member extends Thread {
        private volatile boolean leaves;

        Member(String name) {
            super(name);
            setDaemon(true);
        }

        @Override
        public void run() {
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of(topic));
                while (!leaves) {
                    consumer.poll(POLL);
                    owned.put(this, consumer.assignment());
                }
            } catch (RuntimeException problem) {
                failure.compareAndSet(null, problem);
            } finally {
                owned.remove(this);
            }
        }
    }
}
