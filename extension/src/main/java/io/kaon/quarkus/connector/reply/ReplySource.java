// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Where replies come from.
 *
 * @param messages each with a reply, or with a batch of them
 * @param consumer that reads them
 * @param closing ends it; called once
 */
record ReplySource(Multi<? extends Message<?>> messages, KafkaConsumer<Object, Object> consumer, Runnable closing) {}
