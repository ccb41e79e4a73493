// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import io.smallrye.common.annotation.Identifier;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.KafkaRecord;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.api.OutgoingKafkaRecordMetadata;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import io.smallrye.reactive.messaging.kafka.reply.ReplyFailureHandler;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;

/** Asks and answers: lengths of words. */
@Singleton
public class RequestReplyApplication {
    @Inject
    @Channel("questions")
    KafkaRequestReply<String, Integer> questions;

    /** Answers come to one partition of a topic of their own, in batches, with correlation ids of bytes. */
    @Inject
    @Channel("directed")
    KafkaRequestReply<String, Integer> directed;

    /** Nobody answers. */
    @Inject
    @Channel("ignored")
    KafkaRequestReply<String, Integer> ignored;

    /** With headers of its own. */
    @Inject
    @Channel("odd")
    KafkaRequestReply<String, String> odd;

    @Incoming("odd-in")
    @Outgoing("odd-out")
    Message<String> answerOdd(Message<String> word) {
        IncomingKafkaRecordMetadata<?, ?> request =
                word.getMetadata(IncomingKafkaRecordMetadata.class).orElseThrow();
        return word.withPayload(word.getPayload() + "?")
                .addMetadata(OutgoingKafkaRecordMetadata.builder()
                        .withTopic(
                                new String(request.getHeaders().lastHeader("TO").value(), StandardCharsets.UTF_8))
                        .withPartition(ByteBuffer.wrap(
                                        request.getHeaders().lastHeader("AT").value())
                                .getInt())
                        .build());
    }

    @Incoming("questions-in")
    @Outgoing("answers-out")
    Integer answer(String word) {
        return word.length();
    }

    @Incoming("directed-in")
    @Outgoing("directed-answers-out")
    Multi<Message<Integer>> answerEachLetter(Message<String> word) {
        return Multi.createFrom()
                .items(word.getPayload().chars().boxed())
                .map(letter -> word.withPayload(letter).withAck(RequestReplyApplication::done))
                .onCompletion()
                .call(() -> Uni.createFrom().completionStage(word.ack()));
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    /** No word has the length 0. */
    @ApplicationScoped
    @Identifier("no-words")
    public static class NoWords implements ReplyFailureHandler {
        @Override
        public Throwable handleReply(KafkaRecord<?, ?> reply) {
            return reply.getPayload().equals(0) ? new IllegalArgumentException("that was no word") : null;
        }
    }
}
