// SPDX-License-Identifier: Apache-2.0
package io.kaon.bench.coordination;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * {@code TransactionRate HOST:PORT LABEL [PRODUCERS [RECORDS [SECONDS]]]}: transactions per second of so many
 * producers, each with so many records of 100 bytes in a transaction, spread over the partitions of one topic. A
 * producer begins its next when the commit of the one before is answered.
 */
public final class TransactionRate {
    private static final int SECONDS = 8;
    private static final int WARM_UP_SECONDS = 4;
    private static final int PARTITIONS = 6;
    private static final int RECORD_BYTES = 100;

    private final Target target;
    private final String topic;

    private TransactionRate(Target target) {
        this.target = target;
        this.topic = target.named("transactions");
        target.createTopic(topic, PARTITIONS);
    }

    public static void main(String[] arguments) {
        Target target = Target.of(arguments[0], arguments[1]);
        int producers = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        int records = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 1;
        int seconds = arguments.length > 4 ? Integer.parseInt(arguments[4]) : SECONDS;
        TransactionRate bench = new TransactionRate(target);
        long committed = bench.run(producers, records, seconds);
        Figure.of(
                        target.label(),
                        "transactions of " + records + " records, " + producers + " producers: per s",
                        committed / (double) seconds)
                .print();
    }

    private long run(int producers, int records, int seconds) {
        ExecutorService threads = Executors.newFixedThreadPool(producers);
        List<Future<Long>> all = new ArrayList<>();
        for (int producer = 0; producer < producers; producer++) {
            String id = target.named("transactions-" + producer);
            all.add(threads.submit(() -> commit(id, records, seconds)));
        }
        threads.shutdown();
        return all.stream().mapToLong(Target::await).sum();
    }

    /** How many transactions were committed after the time to warm up. */
    private long commit(String transactionalId, int records, int seconds) {
        try (KafkaProducer<byte[], byte[]> producer =
                target.producer(Map.of("transactional.id", transactionalId, "linger.ms", 0))) {
            producer.initTransactions();
            long committed = 0;
            int partition = 0;
            long startNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(WARM_UP_SECONDS);
            long endNs = startNs + TimeUnit.SECONDS.toNanos(seconds);
            for (long nowNs = System.nanoTime(); nowNs < endNs; nowNs = System.nanoTime()) {
                producer.beginTransaction();
                for (int record = 0; record < records; record++) {
                    producer.send(new ProducerRecord<>(topic, partition++ % PARTITIONS, null, new byte[RECORD_BYTES]));
                }
                producer.commitTransaction();
                if (nowNs >= startNs) {
                    committed++;
                }
            }
            return committed;
        }
    }
}
