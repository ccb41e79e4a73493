// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import io.kaon.broker.Broker;
import io.kaon.quarkus.connector.client.BrokerCalls;
import io.kaon.quarkus.connector.client.ClientSettings;
import io.kaon.quarkus.connector.client.producer.EmbeddedProducer;
import io.kaon.quarkus.connector.incoming.EmbeddedSources;
import io.kaon.quarkus.deadletters.LetterClients;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Clients for the dead letters in the broker of this application. */
record EmbeddedLetterClients(EmbeddedSources sources, Broker broker) implements LetterClients {
    @Override
    public Consumer<byte[], byte[]> consumer(String group) {
        return sources.ofBytes(broker, LetterClients.consumerSettings(group));
    }

    @Override
    public Producer<byte[], byte[]> producer() {
        return new EmbeddedProducer<>(
                new BrokerCalls(broker.connect(CLIENT_ID)),
                new ClientSettings(LetterClients.producerSettings()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
