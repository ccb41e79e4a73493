// SPDX-License-Identifier: Apache-2.0
/**
 * Kafka's consumer over the broker in this process. One thread at a time polls it, as with Kafka's own, and owns
 * positions, membership and what was fetched; answers of the broker, on other threads, only complete what that
 * thread looks at. Heartbeats have a timer, shared by all consumers of the application.
 */
package io.kaon.quarkus.connector.client.consumer;
