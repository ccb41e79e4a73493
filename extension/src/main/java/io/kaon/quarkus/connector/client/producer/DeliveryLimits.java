// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.ClientSettings;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * How a producer's records are put together and how long they are tried.
 *
 * @param acks Kafka's {@code acks}: 1 or −1
 * @param timeoutMs how long the broker may wait for replicas
 * @param batchBytes records of one batch, before compression
 * @param lingerMs how long a record may wait for others
 * @param delivery for how long and how often a batch is tried
 * @param isIdempotent whether batches without a transaction are numbered, so that one that is tried again is there once
 */
record DeliveryLimits(
        short acks, int timeoutMs, int batchBytes, long lingerMs, Delivery delivery, boolean isIdempotent) {
    /** All in-sync replicas. */
    static final short ALL = -1;

    private static final int DEFAULT_REQUEST_TIMEOUT_MS = 30_000;
    private static final long DEFAULT_DELIVERY_TIMEOUT_MS = 120_000;
    private static final int DEFAULT_BACKOFF_MS = 20;
    private static final int DEFAULT_MAX_BACKOFF_MS = 1_000;
    private static final int MAX_DOUBLINGS = 16;

    /**
     * @param timeoutMs after which a record fails, sent or not
     * @param retries how often a batch is sent again
     * @param backoffMs before the first time
     * @param maxBackoffMs before a later one
     */
    record Delivery(long timeoutMs, int retries, long backoffMs, long maxBackoffMs) {
        boolean isOver(long sinceNs, long nowNs) {
            return nowNs - sinceNs >= TimeUnit.MILLISECONDS.toNanos(timeoutMs);
        }

        /**
         * The pause before it is sent again.
         *
         * @param attempts how often it was sent so far
         */
        long backoffMs(int attempts) {
            return Math.min(maxBackoffMs, backoffMs << Math.min(MAX_DOUBLINGS, attempts - 1));
        }
    }

    /**
     * Reads Kafka's settings. Three defaults are others than Kafka's, because no network is in between: {@code
     * linger.ms} is 0, {@code batch.size} is {@code max.request.size}, and {@code retry.backoff.ms} is 20.
     *
     * @param maxRequestBytes the value of {@code max.request.size}
     * @throws ConfigException when a value is not allowed
     */
    static DeliveryLimits of(ClientSettings settings, int maxRequestBytes) {
        boolean isTransactional =
                settings.text(ProducerConfig.TRANSACTIONAL_ID_CONFIG).isPresent();
        int batchBytes = settings.integer(ProducerConfig.BATCH_SIZE_CONFIG, maxRequestBytes);
        return new DeliveryLimits(
                isTransactional ? ALL : acks(settings),
                settings.integer(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, DEFAULT_REQUEST_TIMEOUT_MS),
                Math.min(batchBytes, maxRequestBytes),
                settings.number(ProducerConfig.LINGER_MS_CONFIG, 0),
                new Delivery(
                        settings.number(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DEFAULT_DELIVERY_TIMEOUT_MS),
                        (int) Math.min(
                                settings.number(ProducerConfig.RETRIES_CONFIG, Integer.MAX_VALUE), Integer.MAX_VALUE),
                        settings.number(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, DEFAULT_BACKOFF_MS),
                        settings.number(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, DEFAULT_MAX_BACKOFF_MS)),
                settings.flag(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true));
    }

    /** A caller in this process always waits for the answer, so acks=0 is served as acks=1. */
    private static short acks(ClientSettings settings) {
        String acks = settings.text(ProducerConfig.ACKS_CONFIG, "1");
        return switch (acks) {
            case "all", "-1" -> ALL;
            case "0", "1" -> 1;
            default -> throw new ConfigException(ProducerConfig.ACKS_CONFIG, acks, "must be all, -1, 0 or 1");
        };
    }
}
