// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.quarkus.connector.client.AbstractEmbeddedClientsTest;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import io.kaon.server.RequestFilter;
import io.kaon.server.RequestFilter.Verdict;
import io.kaon.wire.message.ApiKey;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients without a socket outlive calls that the broker cuts off, of whatever api. */
class ClientTroubleTest extends AbstractEmbeddedClientsTest {
    private static final int TIMES = 3;

    @AfterEach
    void endTrouble() {
        broker.testSeam().filter(RequestFilter.NONE);
    }

    @ParameterizedTest
    @EnumSource(
            value = ApiKey.class,
            names = {
                "FIND_COORDINATOR",
                "JOIN_GROUP",
                "SYNC_GROUP",
                "HEARTBEAT",
                "OFFSET_FETCH",
                "OFFSET_COMMIT",
                "FETCH",
                "LIST_OFFSETS",
                "METADATA",
                "CONSUMER_GROUP_HEARTBEAT"
            })
    void shouldReadOnAfterCallsThatAreCutOff(ApiKey api) throws Exception {
        for (String protocol : List.of("classic", "consumer")) {
            for (Supplier<Verdict> cut :
                    List.<Supplier<Verdict>>of(RequestFilter.Disconnect::new, RequestFilter.LoseAnswer::new)) {
                String topic = "cut-off-" + UUID.randomUUID();
                broker.testSeam().filter(RequestFilter.NONE);
                send(topic, "a", "b");
                strike(api, cut);
                EmbeddedConsumer<String, String> consumer = consumer(topic, Map.of("group.protocol", protocol));

                consumer.subscribe(List.of(topic));

                assertThat(values(poll(consumer, 2)))
                        .as("%s over %s", protocol, api)
                        .containsExactly("a", "b");
                consumer.commitSync();
                consumer.close();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ApiKey.class,
            names = {"METADATA", "INIT_PRODUCER_ID", "PRODUCE"})
    void shouldWriteOnAfterCallsThatAreCutOff(ApiKey api) throws Exception {
        strike(api, RequestFilter.Disconnect::new);
        try (EmbeddedProducer<String, String> producer = producer(Map.of())) {
            String topic = "written-" + UUID.randomUUID();

            long first = producer.send(new ProducerRecord<>(topic, "a"))
                    .get(PATIENCE_S, TimeUnit.SECONDS)
                    .offset();

            assertThat(first).isZero();
        }
    }

    private static void strike(ApiKey api, Supplier<Verdict> verdict) {
        AtomicInteger left = new AtomicInteger(TIMES);
        broker.testSeam()
                .filter((context, request) ->
                        context.api() == api && left.getAndDecrement() > 0 ? verdict.get() : new RequestFilter.Pass());
    }
}
