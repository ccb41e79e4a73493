// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class FailureHeadersTest {
    private final ConsumerRecord<byte[], byte[]> dead =
            new ConsumerRecord<>("orders-dead", 1, 17, bytes("key"), bytes("value"));

    @Test
    void shouldTellWhyAndWhere() {
        // Given
        header("dead-letter-reason", "no price");
        header("dead-letter-exception-class-name", "java.lang.IllegalArgumentException");
        header("dead-letter-cause", "sold out");
        header("dead-letter-cause-class-name", "java.lang.IllegalStateException");
        header("dead-letter-topic", "orders");
        header("dead-letter-partition", "3");
        header("dead-letter-offset", "42");

        // When
        Failure failure = FailureHeaders.read(dead.headers());

        // Then
        assertThat(failure.reason()).contains("no price");
        assertThat(failure.causeClass()).contains("java.lang.IllegalStateException");
        assertThat(failure.origin().topic()).contains("orders");
        assertThat(failure.origin().partition()).hasValue(3);
        assertThat(failure.origin().offset()).hasValue(42);
        assertThat(failure.replays()).isZero();
    }

    @Test
    void shouldNameTopicOfFirstAttemptAndReasonOfTheLast() {
        // Given
        header("delayed-retry-reason", "the second");
        header("delayed-retry-topic", "orders_retry_100");
        header("delayed-retry-reason", "the first");
        header("delayed-retry-topic", "orders");
        header("delayed-retry-count", "1");
        header("delayed-retry-original-timestamp", "1700000000000");

        // When
        Failure failure = FailureHeaders.read(dead.headers());

        // Then
        assertThat(failure.reason()).contains("the second");
        assertThat(failure.origin().topic()).contains("orders");
        assertThat(failure.origin().timestampMs()).hasValue(1_700_000_000_000L);
        assertThat(failure.retries()).isEqualTo(1);
    }

    @Test
    void shouldNotTrustHeaders() {
        // Given
        header("dead-letter-partition", "minus one");
        header("dead-letter-offset", "99999999999999999999");
        dead.headers().add("dead-letter-reason", null);

        // When
        Failure failure = FailureHeaders.read(dead.headers());

        // Then
        assertThat(failure.reason()).contains("");
        assertThat(failure.origin().topic()).isEmpty();
        assertThat(failure.origin().partition()).isEmpty();
        assertThat(failure.origin().offset()).isEmpty();
    }

    @Test
    void shouldSendBackTheRecordAsItWas() {
        // Given
        header("dead-letter-reason", "no price");
        header("delayed-retry-count", "3");
        header("source", "shop");
        header("kaon-replays", "1");
        header("kaon-replay-of", "orders-dead-1@3");

        // When
        ProducerRecord<byte[], byte[]> record =
                Replayed.of(new DeadLetter(dead, FailureHeaders.read(dead.headers()), false), "orders", 4);

        // Then
        assertThat(record.topic()).isEqualTo("orders");
        assertThat(record.partition()).isNull();
        assertThat(record.key()).isEqualTo(bytes("key"));
        assertThat(StreamSupport.stream(record.headers().spliterator(), false)
                        .map(FailureHeadersTest::text)
                        .toList())
                .containsExactly("source=shop", "kaon-replay-of=orders-dead-1@17", "kaon-replays=2");
    }

    @Test
    void shouldSendRecordWithoutKeyToItsPartition() {
        // Given
        ConsumerRecord<byte[], byte[]> keyless = new ConsumerRecord<>("orders-dead", 0, 1, null, bytes("value"));
        keyless.headers().add("dead-letter-partition", bytes("3"));
        DeadLetter letter = new DeadLetter(keyless, FailureHeaders.read(keyless.headers()), false);

        // Then
        assertThat(Replayed.of(letter, "orders", 4).partition()).isEqualTo(3);
        assertThat(Replayed.of(letter, "orders", 2).partition()).isNull();
    }

    private void header(String name, String value) {
        dead.headers().add(name, bytes(value));
    }

    private static String text(Header header) {
        return header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
