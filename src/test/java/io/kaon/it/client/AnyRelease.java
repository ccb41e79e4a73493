// SPDX-License-Identifier: Apache-2.0
package io.kaon.it.client;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/** The methods of kafka-clients that have changed their parameters over the years, looked for by name. */
final class AnyRelease {
    private AnyRelease() {}

    @SuppressWarnings("unchecked")
    static <K, V> ConsumerRecords<K, V> poll(KafkaConsumer<K, V> consumer, int milliseconds)
            throws ReflectiveOperationException {
        try {
            return (ConsumerRecords<K, V>) invoke(
                    KafkaConsumer.class.getMethod("poll", Duration.class), consumer, Duration.ofMillis(milliseconds));
        } catch (NoSuchMethodException older) {
            return (ConsumerRecords<K, V>)
                    invoke(KafkaConsumer.class.getMethod("poll", long.class), consumer, (long) milliseconds);
        }
    }

    /** The committed offset of a partition; 0 where there is none. */
    @SuppressWarnings("unchecked")
    static long committed(KafkaConsumer<?, ?> consumer, TopicPartition partition) throws ReflectiveOperationException {
        OffsetAndMetadata committed;
        try {
            Map<TopicPartition, OffsetAndMetadata> all = (Map<TopicPartition, OffsetAndMetadata>)
                    invoke(KafkaConsumer.class.getMethod("committed", Set.class), consumer, Set.of(partition));
            committed = all.get(partition);
        } catch (NoSuchMethodException older) {
            Method one = KafkaConsumer.class.getMethod("committed", TopicPartition.class);
            committed = (OffsetAndMetadata) invoke(one, consumer, partition);
        }
        return committed == null ? 0 : committed.offset();
    }

    /** With the member's identity where the release knows how to send it (2.5 on), by the group's name before. */
    static void sendOffsets(
            KafkaProducer<?, ?> producer,
            Map<TopicPartition, OffsetAndMetadata> offsets,
            KafkaConsumer<?, ?> consumer,
            String group)
            throws ReflectiveOperationException {
        for (Method method : KafkaProducer.class.getMethods()) {
            if (method.getName().equals("sendOffsetsToTransaction") && method.getParameterTypes()[1] != String.class) {
                Object member = invoke(KafkaConsumer.class.getMethod("groupMetadata"), consumer);
                invoke(method, producer, offsets, member);
                return;
            }
        }
        Method byName = KafkaProducer.class.getMethod("sendOffsetsToTransaction", Map.class, String.class);
        invoke(byName, producer, offsets, group);
    }

    private static Object invoke(Method method, Object target, Object... arguments)
            throws ReflectiveOperationException {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof RuntimeException problem) {
                throw problem;
            }
            throw thrown;
        }
    }
}
