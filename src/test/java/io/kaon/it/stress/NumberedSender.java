// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.stress;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** An idempotent producer that sends its numbered records to random partitions; none of them may fail. */
final class NumberedSender implements Runnable {
    private static final int RECORDS_BETWEEN_PAUSES = 20;
    private static final int MAX_PAUSE_MS = 20;

    private final StressRun run;
    private final int producer;
    private final List<TopicPartition> partitions;
    private final Random random;
    private final Map<TopicPartition, Integer> lastNumbers = new HashMap<>();

    NumberedSender(StressRun run, int producer, List<TopicPartition> partitions) {
        this.run = run;
        this.producer = producer;
        this.partitions = partitions;
        this.random = run.random("sender " + producer);
    }

    @Override
    public void run() {
        try (KafkaProducer<String, String> client = run.clients().producer()) {
            while (run.isRunning()) {
                send(client, partitions.get(random.nextInt(partitions.size())));
                if (random.nextInt(RECORDS_BETWEEN_PAUSES) == 0) {
                    StressRun.pause(random.nextInt(MAX_PAUSE_MS));
                }
            }
        }
    }

    /** One record to each partition. */
    void sendToEach() {
        try (KafkaProducer<String, String> client = run.clients().producer()) {
            partitions.forEach(partition -> send(client, partition));
        }
    }

    private void send(KafkaProducer<String, String> client, TopicPartition partition) {
        Numbered record = new Numbered(producer, lastNumbers.merge(partition, 1, Integer::sum));
        client.send(
                new ProducerRecord<>(partition.topic(), partition.partition(), null, record.value()),
                (metadata, failure) -> {
                    if (failure == null) {
                        onAcknowledged(partition, metadata.offset(), record);
                    } else {
                        run.found("%s was not sent to %s: %s", record, partition, failure);
                    }
                });
    }

    private void onAcknowledged(TopicPartition partition, long offset, Numbered record) {
        run.count("acknowledged");
        run.acknowledged()
                .put(partition, offset, record)
                .ifPresent(other ->
                        run.found("%s@%d was acknowledged for %s and for %s", partition, offset, other, record));
    }
}
