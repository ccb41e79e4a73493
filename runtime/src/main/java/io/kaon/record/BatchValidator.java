// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import io.kaon.common.ErrorCode;
import io.kaon.record.MalformedBatch.Flaw;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Says whether a produced record set (Produce 3 and later) may be appended, with Kafka's error codes:
 *
 * <pre>
 *  no batch, a batch cut short, more than one batch, magic 0 or 1         INVALID_RECORD
 *  zstd before Produce 7                                                  UNSUPPORTED_COMPRESSION_TYPE
 *  length field too small, unknown magic, wrong CRC                       CORRUPT_MESSAGE
 *  larger than max.message.bytes                                          MESSAGE_TOO_LARGE
 *  base offset not 0, counts or deltas that disagree, control records,
 *  a producer without epoch or sequence, an unknown codec                 INVALID_RECORD
 *  a record's fields do not fill its length, bytes left over              INVALID_RECORD
 *  a record without a key where the topic is compacted                    INVALID_RECORD, with the records
 *  a timestamp outside the topic's limits                                 INVALID_TIMESTAMP, with the records
 * </pre>
 *
 * <p><b>What is not looked at.</b> The records of an uncompressed batch are walked, each of them, and by default those
 * of a compressed one too, as in Kafka. With {@link InspectionDepth#HEADER} a compressed batch is not decompressed (D2)
 * unless the topic is compacted, limits timestamps into the past, or the header's largest timestamp is outside the
 * topic's limit or before the base timestamp. The consequence: a
 * producer can store a compressed batch whose header is consistent but whose inside is not (damaged stream, another
 * count, wrong deltas, a largest timestamp that is too small). Readers must expect that: {@link RecordBatch#records}
 * checks again.
 *
 * <p>A valid batch is stamped in place: with the time of the append if the topic wants that, else with the true largest
 * timestamp if the records were walked and the producer got it wrong. The base offset is not assigned here.
 *
 * <p>Stateless; any thread. Without errors it allocates a few small objects per batch and nothing per record.
 */
public final class BatchValidator {
    private static final int FIRST_PRODUCE_VERSION_WITH_ZSTD = 7;

    private final RecordLimits limits;
    private final boolean givesUp;

    /**
     * @param limits the codecs, and how far a batch may be decompressed
     */
    public BatchValidator(RecordLimits limits) {
        this(limits, false);
    }

    private BatchValidator(RecordLimits limits, boolean givesUp) {
        this.limits = limits;
        this.givesUp = givesUp;
    }

    /**
     * One for callers who must not compute for long: where a batch decompresses to more than the limit, it throws
     * {@link DecompressionLimitException} instead of refusing the batch, which is as it was then.
     */
    public static BatchValidator givingUpAt(RecordLimits limits) {
        return new BatchValidator(limits, true);
    }

    /**
     * Validates and stamps one partition's record set.
     *
     * @param records big-endian and writable, from position to limit; not moved
     * @param produceVersion version of the Produce request; a coordinator says the latest
     * @param rules what the topic asks
     * @param nowMs wall-clock time in ms
     */
    public ValidationOutcome validate(ByteBuffer records, int produceVersion, ValidationRules rules, long nowMs) {
        BatchReader reader = new BatchReader(records);
        BatchOutcome outcome = reader.next();
        if (!(outcome instanceof RecordBatch first)) {
            return notABatch(outcome);
        }
        BatchOutcome second = reader.next();
        if (rules.origin() == AppendOrigin.CLIENT) {
            return validateOnly(first, second, produceVersion, rules, nowMs);
        }
        List<RecordBatch> batches = new ArrayList<>();
        batches.add(first);
        for (outcome = second; outcome instanceof RecordBatch batch; outcome = reader.next()) {
            batches.add(batch);
        }
        return outcome instanceof EndOfBatches ? validateAll(batches, rules, nowMs) : notABatch(outcome);
    }

    private ValidationOutcome validateAll(List<RecordBatch> batches, ValidationRules rules, long nowMs) {
        for (RecordBatch batch : batches) {
            Optional<InvalidBatches> rejected = check(batch, rules, nowMs);
            if (rejected.isPresent()) {
                return rejected.get();
            }
        }
        return new ValidBatches(batches);
    }

    /** What follows the only batch is passed over when it is cut short, as Kafka does. */
    private ValidationOutcome validateOnly(
            RecordBatch batch, BatchOutcome second, int produceVersion, ValidationRules rules, long nowMs) {
        if (produceVersion < FIRST_PRODUCE_VERSION_WITH_ZSTD && batch.compressionId() == CompressionType.ZSTD.id()) {
            return InvalidBatches.of(
                    ErrorCode.UNSUPPORTED_COMPRESSION_TYPE,
                    "zstd needs Produce " + FIRST_PRODUCE_VERSION_WITH_ZSTD + ", the request is " + produceVersion);
        }
        if (second instanceof RecordBatch) {
            return invalid("a Produce request has one batch per partition, this one has more");
        }
        if (second instanceof MalformedBatch) {
            return notABatch(second);
        }
        Optional<InvalidBatches> rejected = check(batch, rules, nowMs);
        return rejected.isPresent() ? rejected.get() : new ValidBatches(List.of(batch));
    }

    private Optional<InvalidBatches> check(RecordBatch batch, ValidationRules rules, long nowMs) {
        if (batch.sizeInBytes() > rules.maxMessageBytes()) {
            return Optional.of(InvalidBatches.of(
                    ErrorCode.MESSAGE_TOO_LARGE,
                    "the batch has " + batch.sizeInBytes() + " bytes, max.message.bytes is "
                            + rules.maxMessageBytes()));
        }
        if (!batch.isCrcValid()) {
            return Optional.of(InvalidBatches.of(
                    ErrorCode.CORRUPT_MESSAGE, "the CRC " + batch.crc() + " is not that of the batch's bytes"));
        }
        Optional<InvalidBatches> rejected = checkHeader(batch, rules);
        return rejected.isPresent() ? rejected : checkRecords(batch, rules, nowMs);
    }

    private Optional<InvalidBatches> checkHeader(RecordBatch batch, ValidationRules rules) {
        int count = batch.count();
        if (count <= 0 || batch.lastOffsetDelta() != count - 1) {
            return invalidBatch("a count of " + count + " and a last offset delta of " + batch.lastOffsetDelta());
        }
        if (!CompressionType.isKnown(batch.compressionId())) {
            return invalidBatch("no compression type has the number " + batch.compressionId());
        }
        boolean isCompressed = batch.compressionId() != CompressionType.NONE.id();
        long maxBytes = isCompressed ? limits.maxDecompressedBytes() : batch.sizeInBytes() - BatchFormat.RECORDS_AT;
        if (count > maxBytes / BatchFormat.MIN_RECORD_BYTES) {
            return invalidBatch(count + " records cannot be in a batch of " + batch.sizeInBytes() + " bytes");
        }
        return rules.origin() == AppendOrigin.CLIENT ? checkClientHeader(batch) : Optional.empty();
    }

    private static Optional<InvalidBatches> checkClientHeader(RecordBatch batch) {
        if (batch.baseOffset() != 0) {
            return invalidBatch("a producer's batch has base offset 0, this one " + batch.baseOffset());
        }
        if (batch.isControl() || batch.hasDeleteHorizon()) {
            return invalidBatch("control records and delete horizons are not a producer's to write");
        }
        if (batch.hasProducerId() && (batch.producerEpoch() < 0 || batch.baseSequence() < 0)) {
            return invalidBatch("producer " + batch.producerId() + " with epoch " + batch.producerEpoch()
                    + " and base sequence " + batch.baseSequence());
        }
        if (batch.isTransactional() && !batch.hasProducerId()) {
            return invalidBatch("a transactional batch without a producer id");
        }
        if (batch.timestampType() == TimestampType.LOG_APPEND_TIME) {
            return Optional.of(InvalidBatches.of(
                    ErrorCode.INVALID_TIMESTAMP, "the type LogAppendTime is not a producer's to set"));
        }
        return Optional.empty();
    }

    private Optional<InvalidBatches> checkRecords(RecordBatch batch, ValidationRules rules, long nowMs) {
        boolean isStamped = rules.timestampType() == TimestampType.LOG_APPEND_TIME;
        if (needsWalk(batch, rules, nowMs)) {
            RecordCheck check = new RecordCheck(batch, rules, nowMs);
            try {
                Optional<InvalidBatches> rejected = check.walk(limits);
                if (rejected.isPresent()) {
                    return rejected;
                }
            } catch (MalformedBatchException malformed) {
                if (givesUp && malformed instanceof DecompressionLimitException tooMuch) {
                    throw tooMuch;
                }
                return invalidBatch(malformed.getMessage());
            }
            if (!isStamped && check.maxTimestamp() != batch.maxTimestamp()) {
                batch.repairMaxTimestamp(check.maxTimestamp());
            }
        }
        if (isStamped) {
            batch.stampLogAppendTime(nowMs);
        }
        return Optional.empty();
    }

    private static boolean needsWalk(RecordBatch batch, ValidationRules rules, long nowMs) {
        if (batch.compressionId() == CompressionType.NONE.id()
                || rules.needsKeys()
                || rules.compressedDepth() == InspectionDepth.RECORDS) {
            return true;
        }
        return rules.timestampType() == TimestampType.CREATE_TIME
                && (rules.timestampBeforeMaxMs() != Long.MAX_VALUE
                        || batch.maxTimestamp() > rules.latest(nowMs)
                        || batch.maxTimestamp() < batch.baseTimestamp());
    }

    private static InvalidBatches notABatch(BatchOutcome outcome) {
        if (outcome instanceof MalformedBatch malformed) {
            boolean isLegacy = malformed.flaw() == Flaw.LEGACY_MAGIC;
            return InvalidBatches.of(
                    isLegacy ? ErrorCode.INVALID_RECORD : ErrorCode.CORRUPT_MESSAGE, malformed.message());
        }
        if (outcome instanceof TruncatedBatch truncated) {
            return invalid("the batch is cut short: " + truncated.bytesLeft() + " bytes of it are there");
        }
        return invalid("a Produce request has one batch per partition, this one has none");
    }

    private static Optional<InvalidBatches> invalidBatch(String message) {
        return Optional.of(invalid(message));
    }

    private static InvalidBatches invalid(String message) {
        return InvalidBatches.of(ErrorCode.INVALID_RECORD, message);
    }
}
