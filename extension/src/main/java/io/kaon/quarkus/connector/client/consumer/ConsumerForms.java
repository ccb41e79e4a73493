// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import io.kaon.quarkus.connector.client.BrokerCalls;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.metrics.KafkaMetric;

/**
 * The short forms of Kafka's consumer, by its long ones, and what a client without a socket refuses. Has no state.
 *
 * <p>It extends {@link MockConsumer} for one reason: SmallRye lets a consumer be put in the place of Kafka's, but asks for
 * that type. Nothing of the mock is used: what is not answered here is abstract again or overridden.
 */
abstract class ConsumerForms<K, V> extends MockConsumer<K, V> {
    ConsumerForms() {
        super("none");
    }

    /** How long calls that wait for the broker wait, unless they are told. */
    abstract Duration apiTimeout();

    @Override
    public abstract void subscribe(Collection<String> topics, ConsumerRebalanceListener listener);

    @Override
    public abstract void subscribe(Pattern pattern, ConsumerRebalanceListener listener);

    @Override
    public abstract void subscribe(SubscriptionPattern pattern, ConsumerRebalanceListener listener);

    @Override
    public void subscribe(Collection<String> topics) {
        subscribe(topics, Subscription.NO_LISTENER);
    }

    @Override
    public void subscribe(Pattern pattern) {
        subscribe(pattern, Subscription.NO_LISTENER);
    }

    @Override
    public void subscribe(SubscriptionPattern pattern) {
        subscribe(pattern, Subscription.NO_LISTENER);
    }

    @Override
    public abstract void enforceRebalance();

    @Override
    public void enforceRebalance(String reason) {
        enforceRebalance(); // Only a log would have the reason.
    }

    @Override
    public abstract void seek(TopicPartition partition, long offset);

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata offset) {
        seek(partition, offset.offset());
    }

    @Override
    public abstract long position(TopicPartition id, Duration timeout);

    @Override
    public long position(TopicPartition id) {
        return position(id, apiTimeout());
    }

    @Override
    public abstract void commitSync(Map<TopicPartition, OffsetAndMetadata> committed, Duration timeout);

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> committed) {
        commitSync(committed, apiTimeout());
    }

    @Override
    public abstract void commitSync(Duration timeout);

    @Override
    public void commitSync() {
        commitSync(apiTimeout());
    }

    @Override
    public void commitAsync() {
        commitAsync(null);
    }

    @Override
    public abstract Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> wanted, Duration timeout);

    @Override
    public Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> wanted) {
        return committed(wanted, apiTimeout());
    }

    @Override
    public abstract Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> wanted, Duration timeout);

    @Override
    public Map<TopicPartition, Long> beginningOffsets(Collection<TopicPartition> wanted) {
        return beginningOffsets(wanted, apiTimeout());
    }

    @Override
    public abstract Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> wanted, Duration timeout);

    @Override
    public Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> wanted) {
        return endOffsets(wanted, apiTimeout());
    }

    @Override
    public abstract Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
            Map<TopicPartition, Long> times, Duration timeout);

    @Override
    public Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(Map<TopicPartition, Long> times) {
        return offsetsForTimes(times, apiTimeout());
    }

    @Override
    public abstract List<PartitionInfo> partitionsFor(String topic, Duration timeout);

    @Override
    public List<PartitionInfo> partitionsFor(String topic) {
        return partitionsFor(topic, apiTimeout());
    }

    @Override
    public abstract Map<String, List<PartitionInfo>> listTopics(Duration timeout);

    @Override
    public Map<String, List<PartitionInfo>> listTopics() {
        return listTopics(apiTimeout());
    }

    @Override
    public abstract void close(CloseOptions options);

    @Override
    public void close() {
        close(CloseOptions.timeout(apiTimeout()));
    }

    @Override
    @SuppressWarnings("deprecation")
    public void close(Duration timeout) {
        close(CloseOptions.timeout(timeout));
    }

    @Override
    public Uuid clientInstanceId(Duration timeout) {
        throw BrokerCalls.noTelemetry();
    }

    @Override
    public void registerMetricForSubscription(KafkaMetric metric) {
        throw BrokerCalls.noTelemetry();
    }

    @Override
    public void unregisterMetricFromSubscription(KafkaMetric metric) {
        throw BrokerCalls.noTelemetry();
    }
}
