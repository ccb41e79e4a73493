// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Makes clients for the broker of one channel, for one question each; whoever asks closes them. */
public interface LetterClients {
    /**
     * A consumer of bytes that commits only when it is told to, and sees committed records only.
     *
     * @param group whose offsets it reads and writes
     */
    Consumer<byte[], byte[]> consumer(String group);

    /** A producer of bytes, idempotent, for {@code acks=all}. */
    Producer<byte[], byte[]> producer();
}
