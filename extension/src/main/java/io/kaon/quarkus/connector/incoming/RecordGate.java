// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What stands between a polled record and the application: the commit handler takes note of it, and one that could
 * not be deserialized goes to the dead-letter queue where there is one. Called by the thread that emits.
 */
final class RecordGate
        implements RecordEmission.Gate<ConsumerRecord<Object, Object>, IncomingKafkaRecord<Object, Object>> {
    private final Function<ConsumerRecord<Object, Object>, IncomingKafkaRecord<Object, Object>> messages;
    private final Reception reception;
    private boolean isReceptionElsewhere;

    /**
     * @param messages makes the message of a record
     */
    RecordGate(
            Function<ConsumerRecord<Object, Object>, IncomingKafkaRecord<Object, Object>> messages,
            Reception reception) {
        this.messages = messages;
        this.reception = reception;
    }

    /** Records pass as they are. To be called before there is a subscriber. */
    void leaveReceptionToOthers() {
        isReceptionElsewhere = true;
    }

    @Override
    public IncomingKafkaRecord<Object, Object> pass(ConsumerRecord<Object, Object> item) {
        if (isReceptionElsewhere) {
            return messages.apply(item);
        }
        if (!reception.isFast() || reception.isDead(item)) {
            return null;
        }
        IncomingKafkaRecord<Object, Object> message = messages.apply(item);
        reception.onReceived(message);
        return message;
    }

    @Override
    public Uni<IncomingKafkaRecord<Object, Object>> passSlowly(ConsumerRecord<Object, Object> item) {
        return reception.receive(messages.apply(item));
    }
}
