// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.ClientPlugins;
import io.kaon.quarkus.connector.client.ClientSettings;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.RecordBatch;
import org.jboss.logging.Logger;

/**
 * The application's interceptors of a producer, in their order. One that fails is passed over, as with Kafka's own
 * producer. Any thread.
 */
public final class ProducerInterceptors<K, V> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ProducerInterceptors.class);

    private final List<ProducerInterceptor<K, V>> interceptors;

    private ProducerInterceptors(List<ProducerInterceptor<K, V>> interceptors) {
        this.interceptors = interceptors;
    }

    /**
     * Makes those of {@code interceptor.classes}.
     *
     * @param beans those that are there already, configured; they come first
     * @throws org.apache.kafka.common.KafkaException when a class is missing or is no interceptor
     */
    @SuppressWarnings("unchecked")
    public static <K, V> ProducerInterceptors<K, V> of(ClientSettings settings, List<ProducerInterceptor<K, V>> beans) {
        List<?> made =
                ClientPlugins.all(settings, ProducerConfig.INTERCEPTOR_CLASSES_CONFIG, ProducerInterceptor.class);
        return new ProducerInterceptors<>(
                Stream.concat(beans.stream(), ((List<ProducerInterceptor<K, V>>) made).stream())
                        .toList());
    }

    boolean isEmpty() {
        return interceptors.isEmpty();
    }

    /** The record that is sent. */
    ProducerRecord<K, V> onSend(ProducerRecord<K, V> given) {
        ProducerRecord<K, V> record = given;
        for (ProducerInterceptor<K, V> interceptor : interceptors) {
            try {
                record = interceptor.onSend(record);
            } catch (RuntimeException failure) {
                passOver(interceptor, "onSend", failure);
            }
        }
        return record;
    }

    void onSent(RecordMetadata metadata) {
        for (ProducerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.onAcknowledgement(metadata, null);
            } catch (RuntimeException failure) {
                passOver(interceptor, "onAcknowledgement", failure);
            }
        }
    }

    /** Interceptors are told the topic, and the partition as far as there is one. */
    void onFailed(ProducerRecord<K, V> record, RuntimeException reason) {
        int partition = record.partition() == null ? RecordMetadata.UNKNOWN_PARTITION : record.partition();
        RecordMetadata metadata = new RecordMetadata(
                new TopicPartition(record.topic(), partition), -1, -1, RecordBatch.NO_TIMESTAMP, -1, -1);
        for (ProducerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.onAcknowledgement(metadata, reason);
            } catch (RuntimeException failure) {
                passOver(interceptor, "onAcknowledgement", failure);
            }
        }
    }

    @Override
    public void close() {
        for (ProducerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.close();
            } catch (RuntimeException failure) {
                passOver(interceptor, "close", failure);
            }
        }
    }

    private static void passOver(ProducerInterceptor<?, ?> interceptor, String method, RuntimeException failure) {
        LOG.warnf(
                failure,
                "%s of interceptor %s failed",
                method,
                interceptor.getClass().getName());
    }
}
