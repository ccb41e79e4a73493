// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import io.smallrye.mutiny.subscription.MultiEmitter;
import io.smallrye.reactive.messaging.OutgoingMessageMetadata;
import io.smallrye.reactive.messaging.kafka.reply.PendingReply;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * A request whose replies are waited for. Any thread.
 *
 * @param replyPartition where replies are asked for, −1 if anywhere in the topic
 * @param sent has the request's place in the log, once the broker has told it
 * @param replies gets them
 */
record AwaitedReply(
        String replyTopic,
        int replyPartition,
        OutgoingMessageMetadata<RecordMetadata> sent,
        MultiEmitter<? super Message<Object>> replies)
        implements PendingReply {

    /** Null until the broker has the request: a reply that is quicker finds this here all the same. */
    @Override
    public RecordMetadata recordMetadata() {
        return sent.getResult();
    }

    @Override
    public void complete() {
        replies.complete();
    }

    @Override
    public boolean isCancelled() {
        return replies.isCancelled();
    }
}
