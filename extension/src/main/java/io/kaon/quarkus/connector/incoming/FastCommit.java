// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;

/**
 * A commit handler that takes note of a record in passing. The source of an embedded channel then asks it here and
 * not by {@code KafkaCommitHandler.received}: nothing is made per record to wait for, and a channel whose method
 * blocks may stay on its worker thread from record to record.
 */
public interface FastCommit {
    /**
     * A record is about to be given to the application. Called in the order of the log, by one thread at a time with
     * everything before it visible, but not always the same one: the channel's event loop, or a worker thread. Must
     * neither block nor throw.
     *
     * <p>Acknowledgements ({@code KafkaCommitHandler.handle}) may come from any thread, too, and should return a {@code
     * Uni} that is complete.
     */
    void onReceived(IncomingKafkaRecord<?, ?> record);

    /**
     * A batch is about to be given to the application, under the same rules. Its records are acknowledged together, so
     * the last one of each partition stands for those before it.
     */
    default void onReceived(IncomingKafkaRecordBatch<?, ?> batch) {
        for (KafkaRecord<?, ?> last : batch.getLatestOffsetRecords().values()) {
            onReceived((IncomingKafkaRecord<?, ?>) last);
        }
    }

    /**
     * The application is done with a record. Any thread; must neither block nor throw.
     *
     * @return whether note is taken of it and nothing remains to be waited for; otherwise {@code
     *     KafkaCommitHandler.handle} is asked
     */
    default boolean onAcknowledged(IncomingKafkaRecord<?, ?> record) {
        return false;
    }
}
