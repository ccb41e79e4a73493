// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import static io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue.DEAD_LETTER_CAUSE;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue.DEAD_LETTER_CAUSE_CLASS_NAME;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue.DEAD_LETTER_EXCEPTION_CLASS_NAME;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue.DEAD_LETTER_OFFSET;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue.DEAD_LETTER_PARTITION;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue.DEAD_LETTER_REASON;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDeadLetterQueue.DEAD_LETTER_TOPIC;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_CAUSE;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_CAUSE_CLASS_NAME;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_COUNT;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_EXCEPTION_CLASS_NAME;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_OFFSET;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_ORIGINAL_TIMESTAMP;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_PARTITION;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_REASON;
import static io.smallrye.reactive.messaging.kafka.fault.KafkaDelayedRetryTopic.DELAYED_RETRY_TOPIC;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * What the headers of a dead letter tell, as failure strategies write them, ours and SmallRye's. They write what is new
 * before what was there: of headers of one name the first tells of the last failure, and the last one where the record
 * came from at first.
 */
final class FailureHeaders {
    private static final String DEAD_LETTER_PREFIX = "dead-letter-";
    private static final String RETRY_PREFIX = "delayed-retry-";

    private FailureHeaders() {}

    /** What they tell; empty where they do not. */
    static Failure read(Headers headers) {
        return new Failure(
                first(headers, DEAD_LETTER_REASON, DELAYED_RETRY_REASON),
                first(headers, DEAD_LETTER_EXCEPTION_CLASS_NAME, DELAYED_RETRY_EXCEPTION_CLASS_NAME),
                first(headers, DEAD_LETTER_CAUSE, DELAYED_RETRY_CAUSE),
                first(headers, DEAD_LETTER_CAUSE_CLASS_NAME, DELAYED_RETRY_CAUSE_CLASS_NAME),
                origin(headers),
                (int) number(last(headers, DELAYED_RETRY_COUNT)).orElse(0),
                (int) number(last(headers, Replayed.COUNT)).orElse(0));
    }

    private static Origin origin(Headers headers) {
        // A record that was tried again names the topic of its first attempt; the dead letter's names the retry topic.
        boolean isRetried = headers.lastHeader(DELAYED_RETRY_TOPIC) != null;
        OptionalLong partition = number(last(headers, isRetried ? DELAYED_RETRY_PARTITION : DEAD_LETTER_PARTITION));
        return new Origin(
                last(headers, isRetried ? DELAYED_RETRY_TOPIC : DEAD_LETTER_TOPIC),
                partition.isPresent() ? OptionalInt.of((int) partition.getAsLong()) : OptionalInt.empty(),
                number(last(headers, isRetried ? DELAYED_RETRY_OFFSET : DEAD_LETTER_OFFSET)),
                number(last(headers, DELAYED_RETRY_ORIGINAL_TIMESTAMP)));
    }

    /** Whether a failure strategy has written it, so that it tells nothing of the record itself. */
    static boolean isOfFailure(String name) {
        return name.startsWith(DEAD_LETTER_PREFIX) || name.startsWith(RETRY_PREFIX);
    }

    private static Optional<String> first(Headers headers, String name, String otherName) {
        Iterator<Header> found = headers.headers(name).iterator();
        Iterator<Header> others = headers.headers(otherName).iterator();
        return found.hasNext()
                ? Optional.of(text(found.next()))
                : others.hasNext() ? Optional.of(text(others.next())) : Optional.empty();
    }

    static Optional<String> last(Headers headers, String name) {
        return Optional.ofNullable(headers.lastHeader(name)).map(FailureHeaders::text);
    }

    private static String text(Header header) {
        return header.value() == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** Nobody promises that it is one. */
    private static OptionalLong number(Optional<String> text) {
        return text.filter(digits -> digits.matches("\\d{1,18}"))
                .map(digits -> OptionalLong.of(Long.parseLong(digits)))
                .orElseGet(OptionalLong::empty);
    }
}
