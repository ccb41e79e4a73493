// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.ClientPlugins;
import io.kaon.quarkus.connector.client.ClientSettings;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * The application's {@code interceptor.classes}, in their order. One that fails is passed over, as with Kafka's own
 * consumer. Owned by the thread that polls.
 */
public final class ConsumerInterceptors<K, V> implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ConsumerInterceptors.class);

    private final List<ConsumerInterceptor<K, V>> interceptors;

    ConsumerInterceptors(List<ConsumerInterceptor<K, V>> interceptors) {
        this.interceptors = List.copyOf(interceptors);
    }

    /**
     * Makes and configures them.
     *
     * @throws org.apache.kafka.common.KafkaException when a class is missing or is no interceptor
     */
    @SuppressWarnings("unchecked")
    public static <K, V> ConsumerInterceptors<K, V> of(ClientSettings settings, String clientId) {
        List<?> made = ClientPlugins.all(
                settings, clientId, ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG, ConsumerInterceptor.class);
        return new ConsumerInterceptors<>((List<ConsumerInterceptor<K, V>>) made);
    }

    /** What the application gets of the records. */
    ConsumerRecords<K, V> onConsume(ConsumerRecords<K, V> polled) {
        ConsumerRecords<K, V> records = polled;
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                records = interceptor.onConsume(records);
            } catch (RuntimeException failure) {
                passOver(interceptor, "onConsume", failure);
            }
        }
        return records;
    }

    void onCommit(Map<TopicPartition, OffsetAndMetadata> committed) {
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.onCommit(committed);
            } catch (RuntimeException failure) {
                passOver(interceptor, "onCommit", failure);
            }
        }
    }

    @Override
    public void close() {
        for (ConsumerInterceptor<K, V> interceptor : interceptors) {
            try {
                interceptor.close();
            } catch (RuntimeException failure) {
                passOver(interceptor, "close", failure);
            }
        }
    }

    private static void passOver(ConsumerInterceptor<?, ?> interceptor, String method, RuntimeException failure) {
        LOG.warnf(
                failure,
                "%s of interceptor %s failed",
                method,
                interceptor.getClass().getName());
    }
}
