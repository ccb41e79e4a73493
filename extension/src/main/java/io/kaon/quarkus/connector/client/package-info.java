// SPDX-License-Identifier: Apache-2.0
/**
 * What Kafka clients without a socket have in common: calls to the broker in this process, with objects and not with
 * bytes, settings under Kafka's names, topics. For any thread; nothing is kept here, and only what is called
 * {@code await} waits.
 */
package io.kaon.quarkus.connector.client;
