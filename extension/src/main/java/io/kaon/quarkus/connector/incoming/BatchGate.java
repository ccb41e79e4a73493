// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecords;

/** The commit handler takes note of the last record of each partition of a batch. Called by the thread that emits. */
final class BatchGate implements RecordEmission.Gate<Packing.Batch.Poll, IncomingKafkaRecordBatch<Object, Object>> {
    private final Function<ConsumerRecords<Object, Object>, IncomingKafkaRecordBatch<Object, Object>> messages;
    private final Reception reception;

    /**
     * @param messages makes the message of a poll
     */
    BatchGate(
            Function<ConsumerRecords<Object, Object>, IncomingKafkaRecordBatch<Object, Object>> messages,
            Reception reception) {
        this.messages = messages;
        this.reception = reception;
    }

    @Override
    public IncomingKafkaRecordBatch<Object, Object> pass(Packing.Batch.Poll item) {
        if (!reception.isFast()) {
            return null;
        }
        IncomingKafkaRecordBatch<Object, Object> batch = messages.apply(item.records());
        reception.onReceived(batch);
        return batch;
    }

    @Override
    public Uni<IncomingKafkaRecordBatch<Object, Object>> passSlowly(Packing.Batch.Poll item) {
        IncomingKafkaRecordBatch<Object, Object> batch = messages.apply(item.records());
        List<Uni<IncomingKafkaRecord<Object, Object>>> notes = new ArrayList<>();
        for (KafkaRecord<Object, Object> record : batch.getLatestOffsetRecords().values()) {
            notes.add(reception.note((IncomingKafkaRecord<Object, Object>) record));
        }
        return notes.isEmpty()
                ? Uni.createFrom().item(batch)
                : Uni.combine().all().unis(notes).with(ignored -> batch);
    }
}
