// SPDX-License-Identifier: Apache-2.0
/**
 * Kafka's producer over the broker in this process. Each has one thread that owns batches, topics, sequence numbers
 * and the transaction; all others, and the broker's answers, put a task into its queue. A record costs its sender no
 * lock and no wait.
 */
package io.kaon.quarkus.connector.client.producer;
