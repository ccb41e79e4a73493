// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.impl.ReactiveKafkaConsumer;
import io.smallrye.reactive.messaging.kafka.reply.KafkaRequestReply;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Requests and replies without a socket. */
class KaonRequestReplyExtensionTest extends AbstractRequestReplyTest {
    private static final String TWIN =
            """

            mp.messaging.outgoing.twin.topic=questions
            mp.messaging.outgoing.twin.value.serializer=org.apache.kafka.common.serialization.StringSerializer
            mp.messaging.outgoing.twin.reply.topic=questions-replies
            mp.messaging.outgoing.twin.reply.value.deserializer=org.apache.kafka.common.serialization.IntegerDeserializer
            mp.messaging.outgoing.twin.reply.timeout=20000
            """;

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest().withApplicationRoot(jar -> jar.addClasses(
                    RequestReplyApplication.class, TwinRequests.class, AbstractRequestReplyTest.class)
            .addAsResource(new StringAsset(CONFIG + TWIN), "application.properties"));

    @Inject
    TwinRequests twin;

    @Test
    void shouldGiveEachOfTwoChannelsOnOneReplyTopicItsReplies() {
        for (int length = 1; length <= 20; length++) {
            // When
            Uni<Integer> one = app.questions.request("a".repeat(length));
            Uni<Integer> other = twin.requests.request("bb".repeat(length));
            List<Integer> lengths =
                    Uni.join().all(one, other).andFailFast().await().atMost(PATIENCE);

            // Then
            assertThat(lengths).containsExactly(length, 2 * length);
        }
    }

    /** A second channel whose replies go to the same topic. */
    @Singleton
    public static class TwinRequests {
        @Inject
        @Channel("twin")
        KafkaRequestReply<String, Integer> requests;
    }

    @Test
    void shouldNeedNoSocketForReplies() {
        assertThat(((ReactiveKafkaConsumer<?, ?>) app.questions.getConsumer())
                        .unwrap()
                        .getClass()
                        .getSimpleName())
                .isEqualTo("EmbeddedConsumer");
    }
}
