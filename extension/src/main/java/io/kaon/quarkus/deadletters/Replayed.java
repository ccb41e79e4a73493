// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.nio.charset.StandardCharsets;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;

/**
 * Makes of a dead letter the record that goes back: key, value and headers as they were before the failure, and two
 * headers more, by which a second failure is known as such. What strategies wrote of the failure is left out: a retry
 * strategy would go on to count, and a second failure would be told as the first one.
 */
final class Replayed {
    /** Which dead letter it was: {@code topic-partition@offset}. */
    static final String OF = "kaon-replay-of";
    /** How often it has been sent back. */
    static final String COUNT = "kaon-replays";

    private Replayed() {}

    /**
     * @param topic it goes to
     * @param partitions of that topic
     */
    static ProducerRecord<byte[], byte[]> of(DeadLetter letter, String topic, int partitions) {
        ConsumerRecord<byte[], byte[]> dead = letter.record();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition(letter, partitions), dead.key(), dead.value());
        for (Header header : dead.headers()) {
            if (!FailureHeaders.isOfFailure(header.key()) && !isOurs(header.key())) {
                record.headers().add(header);
            }
        }
        record.headers().add(OF, bytes(dead.topic() + "-" + dead.partition() + "@" + dead.offset()));
        record.headers().add(COUNT, bytes(Integer.toString(letter.failure().replays() + 1)));
        return record;
    }

    /** Where its key belongs, which the producer knows; a record without a key goes where it was. */
    private static Integer partition(DeadLetter letter, int partitions) {
        OptionalInt before = letter.failure().origin().partition();
        boolean isThere = letter.record().key() == null && before.isPresent() && before.getAsInt() < partitions;
        return isThere ? before.getAsInt() : null;
    }

    private static boolean isOurs(String name) {
        return name.equals(OF) || name.equals(COUNT);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
