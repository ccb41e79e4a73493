// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.reply;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaConsumer;
import io.smallrye.reactive.messaging.kafka.reply.CorrelationId;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.kafka.reply.PendingReply;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Message;

/**
 * Another implementation of request and reply, with payloads made what the application has declared: SmallRye's own lets
 * only its own factory say so. Any thread.
 */
record ConvertedReplies<Q, P>(KafkaRequestReply<Q, P> others, Function<Message<?>, Uni<? extends Message<?>>> converter)
        implements KafkaRequestReply<Q, P> {
    @Override
    public Uni<P> request(Q request) {
        return requestMulti(request).toUni();
    }

    @Override
    public Uni<Message<P>> request(Message<Q> request) {
        return requestMulti(request).toUni();
    }

    @Override
    public Multi<P> requestMulti(Q request) {
        return requestMulti(Message.of(request)).map(Message::getPayload);
    }

    @Override
    public Multi<Message<P>> requestMulti(Message<Q> request) {
        return others.requestMulti(request).onItem().transformToUniAndConcatenate(this::converted);
    }

    @SuppressWarnings("unchecked")
    private Uni<Message<P>> converted(Message<P> reply) {
        return converter.apply(reply).map(message -> (Message<P>) message);
    }

    @Override
    public Uni<Set<TopicPartition>> waitForAssignments() {
        return others.waitForAssignments();
    }

    @Override
    public Uni<Set<TopicPartition>> waitForAssignments(Collection<TopicPartition> partitions) {
        return others.waitForAssignments(partitions);
    }

    @Override
    public Map<CorrelationId, PendingReply> getPendingReplies() {
        return others.getPendingReplies();
    }

    @Override
    public KafkaConsumer<?, P> getConsumer() {
        return others.getConsumer();
    }

    @Override
    public void complete() {
        others.complete();
    }
}
