// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/** Tells interceptors before whoever has sent the record. */
record InterceptedOutcome<K, V>(
        ProducerInterceptors<K, V> interceptors, ProducerRecord<K, V> record, SendOutcome outcome)
        implements SendOutcome {
    @Override
    public void onAccepted() {
        outcome.onAccepted();
    }

    @Override
    public void onSent(RecordMetadata metadata) {
        interceptors.onSent(metadata);
        outcome.onSent(metadata);
    }

    @Override
    public void onFailed(RuntimeException failure) {
        interceptors.onFailed(record, failure);
        outcome.onFailed(failure);
    }
}
