// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Three consumers of one group over a topic; one leaves and one joins while records flow; each record must be seen:
 * {@code bootstrap topic group count
 * key=value…}, the last being more settings of the consumers.
 */
public final class GroupChurn {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_SECONDS = 60;

    private final Map<String, Object> config;
    private final String topic;
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final CountDownLatch third;
    private final CountDownLatch twoThirds;
    private final CountDownLatch all;

    private GroupChurn(Map<String, Object> config, String topic, int count) {
        this.config = config;
        this.topic = topic;
        third = new CountDownLatch(count / 3);
        twoThirds = new CountDownLatch(2 * count / 3);
        all = new CountDownLatch(count);
    }

    public static void main(String[] args) throws InterruptedException {
        int count = Integer.parseInt(args[3]);
        Map<String, Object> config = new HashMap<>(Map.of(
                "bootstrap.servers",
                args[0],
                "group.id",
                args[2],
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                50));
        for (String setting : Arrays.asList(args).subList(4, args.length)) {
            int separator = setting.indexOf('=');
            config.put(setting.substring(0, separator), setting.substring(separator + 1));
        }
        new GroupChurn(config, args[1], count).run(count);
    }

    private void run(int count) throws InterruptedException {
        Member leaving = new Member("leaving");
        List<Member> members = new ArrayList<>(List.of(leaving, new Member("second"), new Member("third")));
        members.forEach(Thread::start);
        Thread producer = new Thread(() -> produce(count), "producer");
        producer.start();
        await(third);
        leaving.leave();
        await(twoThirds);
        Member joining = new Member("joining");
        members.add(joining);
        joining.start();
        await(all);
        producer.join();
        for (Member member : members) {
            member.leave();
        }
        if (failure.get() != null) {
            throw new IllegalStateException("a member failed", failure.get());
        }
        System.out.println("seen " + seen.size());
    }

    private void await(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + seen.size() + " records were seen, " + failure.get());
        }
    }

    private void produce(int count) {
        Map<String, Object> settings = Map.of("bootstrap.servers", config.get("bootstrap.servers"), "linger.ms", 1);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int n = 0; n < count; n++) {
                producer.send(new ProducerRecord<>(topic, "key-" + n, "value-" + n));
                if (n % 100 == 0) {
                    producer.flush();
                }
            }
        }
    }

    private void see(ConsumerRecord<String, String> record) {
        if (seen.add(record.value())) {
            third.countDown();
            twoThirds.countDown();
            all.countDown();
        }
    }

    private final class Member extends Thread {
        private volatile boolean leaves;

        Member(String name) {
            super(name);
        }

        @Override
        public void run() {
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(config, new StringDeserializer(), new StringDeserializer())) {
                consumer.subscribe(List.of(topic));
                while (!leaves) {
                    consumer.poll(POLL).forEach(GroupChurn.this::see);
                    consumer.commitSync();
                }
            } catch (RuntimeException problem) {
                failure.compareAndSet(null, problem);
            }
        }

        void leave() throws InterruptedException {
            leaves = true;
            join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
    }
}
