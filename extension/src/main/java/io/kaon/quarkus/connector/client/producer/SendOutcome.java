// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import org.apache.kafka.clients.producer.RecordMetadata;

/** Is told what became of one record, mostly by the producer's own thread. Of the last two one is called, once. */
public interface SendOutcome {
    /** The record has found room in the producer's memory. */
    default void onAccepted() {}

    /** The broker has it. */
    void onSent(RecordMetadata metadata);

    /** It will not be sent any more. */
    void onFailed(RuntimeException failure);
}
