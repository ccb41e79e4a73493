// SPDX-License-Identifier: Apache-2.0
package io.kaon.record.legacy;

import io.kaon.common.ErrorCode;
import io.kaon.record.BatchFormat;
import io.kaon.record.Compression;
import io.kaon.record.InvalidBatches;
import io.kaon.record.MalformedBatchException;
import io.kaon.record.RecordLimits;
import io.kaon.record.StreamedBatchBuilder;
import io.kaon.record.TimestampType;
import io.kaon.record.ValidBatches;
import io.kaon.record.ValidationOutcome;
import io.kaon.record.ValidationRules;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Makes one batch of magic 2 of the message set of a Produce 0–2, as Kafka 3.9 does: a set without compression becomes
 * one batch without, a wrapper becomes one batch with its codec, unless the topic asks for another.
 * Offsets count from 0, whatever the set says. What a topic asks of a batch ({@link io.kaon.record.BatchValidator}) is
 * checked afterwards, on the batch; here is checked what only the set can tell:
 *
 * <pre>
 *  no whole message                                                       INVALID_RECORD: the caller has looked
 *  a message larger than max.message.bytes, or the batch as it is stored  MESSAGE_TOO_LARGE
 *  an inner message larger than that and {@value #ALWAYS_HELD_BYTES} bytes (Kafka has no bound)  MESSAGE_TOO_LARGE
 *  size field too small, unknown magic, wrong CRC (inner ones too)        CORRUPT_MESSAGE
 *  messages of different magic, a wrapper beside other messages,
 *  a wrapper in a wrapper, a wrapper without messages, an unknown codec,
 *  lengths that do not fit, an inner offset above the wrapper's (magic 1) INVALID_RECORD
 *  log append time where no timestamp can be told from it                 INVALID_TIMESTAMP
 * </pre>
 *
 * <p>An unfinished last message is passed over. Of what a wrapper decompresses to, one message at a time is in memory.
 * Stateless; any thread; takes time in proportion to the decompressed messages.
 */
public final class UpConverter {
    /** An inner message of this size is taken in any case; a larger one only if max.message.bytes is larger, too. */
    static final int ALWAYS_HELD_BYTES = 8 << 20;

    private final RecordLimits limits;

    /** @param limits the codecs, and how far a wrapper may be decompressed */
    public UpConverter(RecordLimits limits) {
        this.limits = limits;
    }

    /**
     * One batch in a buffer of its own, or the answer for the client.
     *
     * @param set big-endian, from position to limit; not moved, not changed
     * @param stored what the topic's batches are compressed with, if it asks for something: {@code max.message.bytes}
     *     is the bound of what is stored
     */
    public ValidationOutcome convert(ByteBuffer set, ValidationRules rules, Optional<Compression> stored) {
        try {
            return convertWhole(set, rules, stored);
        } catch (LegacyFormatException malformed) {
            return invalid(malformed.code(), malformed.getMessage());
        } catch (MalformedBatchException malformed) {
            return invalid(ErrorCode.INVALID_RECORD, malformed.getMessage());
        }
    }

    private ValidationOutcome convertWhole(ByteBuffer set, ValidationRules rules, Optional<Compression> stored) {
        SetFacts facts = SetFacts.of(set, rules.maxMessageBytes());
        if (facts.count() == 0) {
            return invalid(ErrorCode.INVALID_RECORD, "the set has no whole message");
        }
        if (facts.isTooLarge()) {
            return invalid(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "a message is larger than max.message.bytes, which is " + rules.maxMessageBytes());
        }
        if (facts.hasWrapper() && facts.count() > 1) {
            return invalid(
                    ErrorCode.INVALID_RECORD,
                    "a wrapper is alone in its set, this one has " + facts.count() + " messages");
        }
        facts.first().check();
        Compression compression = stored.orElseGet(() -> ofSet(facts));
        try (StreamedBatchBuilder batch =
                new StreamedBatchBuilder(limits.codecs(), compression, rules.maxMessageBytes())) {
            boolean fits = facts.hasWrapper() ? unwrap(facts.first(), batch, rules) : append(set, batch, rules);
            return fits
                    ? new ValidBatches(List.of(batch.build()))
                    : invalid(
                            ErrorCode.MESSAGE_TOO_LARGE,
                            "as a batch the set has more than " + rules.maxMessageBytes()
                                    + " bytes, which is max.message.bytes");
        }
    }

    private static Compression ofSet(SetFacts facts) {
        return facts.hasWrapper() ? Compression.of(InnerMessages.codecOf(facts.first())) : Compression.NONE;
    }

    private static boolean append(ByteBuffer set, StreamedBatchBuilder batch, ValidationRules rules) {
        LegacySetReader reader = new LegacySetReader(set);
        byte magic = set.get(set.position() + LegacyFormat.MAGIC_AT);
        for (Optional<LegacyMessage> next = reader.next(); next.isPresent(); next = reader.next()) {
            LegacyMessage message = next.get();
            if (message.magic() != magic) {
                throw LegacyFormatException.invalid(
                        "a message of magic " + message.magic() + " after one of magic " + magic);
            }
            message.check();
            checkTimestamp(message.timestamp(), message.timestampType(), rules);
            if (!batch.append(message.timestamp(), message.key(), message.value())) {
                return false;
            }
        }
        return true;
    }

    private boolean unwrap(LegacyMessage wrapper, StreamedBatchBuilder batch, ValidationRules rules) {
        boolean isStamped = wrapper.timestampType() == TimestampType.LOG_APPEND_TIME;
        int maxMessageBytes = Math.max(ALWAYS_HELD_BYTES, rules.maxMessageBytes());
        try (InnerMessages inner = new InnerMessages(wrapper, limits, maxMessageBytes)) {
            long lastOffset = 0;
            while (inner.advance()) {
                LegacyMessage message = inner.current();
                long timestamp = isStamped ? wrapper.timestamp() : message.timestamp();
                checkTimestamp(timestamp, wrapper.timestampType(), rules);
                if (!batch.append(timestamp, message.key(), message.value())) {
                    return false;
                }
                lastOffset = message.offset();
            }
            if (batch.count() == 0) {
                throw LegacyFormatException.invalid("a wrapper without messages");
            }
            // Some librdkafka wrote 0 into the wrapper and relative offsets inside.
            if (wrapper.magic() != LegacyFormat.MAGIC_0 && wrapper.offset() != 0 && wrapper.offset() < lastOffset) {
                throw LegacyFormatException.invalid(
                        "a wrapper of offset " + wrapper.offset() + " has a message of offset " + lastOffset);
            }
            return true;
        }
    }

    /** A producer may not set log append time; Kafka minds only where the timestamp is not judged as the producer's. */
    private static void checkTimestamp(long timestamp, TimestampType type, ValidationRules rules) {
        boolean isJudged = rules.timestampType() == TimestampType.CREATE_TIME && timestamp != BatchFormat.NO_TIMESTAMP;
        if (type == TimestampType.LOG_APPEND_TIME && !isJudged) {
            throw new LegacyFormatException(
                    ErrorCode.INVALID_TIMESTAMP, "the type LogAppendTime is not a producer's to set");
        }
        if (timestamp < BatchFormat.NO_TIMESTAMP) {
            throw new LegacyFormatException(ErrorCode.INVALID_TIMESTAMP, "a message has timestamp " + timestamp);
        }
    }

    private static InvalidBatches invalid(ErrorCode code, String message) {
        return new InvalidBatches(code, message, List.of());
    }
}
