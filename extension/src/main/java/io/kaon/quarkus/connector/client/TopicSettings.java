// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client;

import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How topics are looked for.
 *
 * @param maxAgeMs how old may be what is known of them
 * @param isInternalExcluded whether a pattern passes over the broker's own topics
 * @param isCreating whether a topic that is missing is made by asking for it
 * @param apiTimeoutMs how long calls that wait for the broker wait, unless they are told
 */
public record TopicSettings(long maxAgeMs, boolean isInternalExcluded, boolean isCreating, long apiTimeoutMs) {
    private static final long MAX_AGE_MS = 300_000;
    private static final long API_TIMEOUT_MS = 60_000;

    public static TopicSettings of(ClientSettings settings) {
        return new TopicSettings(
                settings.number(ConsumerConfig.METADATA_MAX_AGE_CONFIG, MAX_AGE_MS),
                settings.flag(ConsumerConfig.EXCLUDE_INTERNAL_TOPICS_CONFIG, true),
                settings.flag(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, true),
                settings.number(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS));
    }

    /** A producer makes the topics that it sends to. */
    public static TopicSettings ofProducer() {
        return new TopicSettings(MAX_AGE_MS, true, true, API_TIMEOUT_MS);
    }
}
