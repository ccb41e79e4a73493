// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.common.ErrorCode;
import io.kaon.record.BatchRecompressor;
import io.kaon.record.BatchValidator;
import io.kaon.record.Compression;
import io.kaon.record.DecompressionLimitException;
import io.kaon.record.InvalidBatches;
import io.kaon.record.RecordBatch;
import io.kaon.record.TimestampType;
import io.kaon.record.ValidBatches;
import io.kaon.record.ValidationOutcome;
import io.kaon.record.ValidationRules;
import io.kaon.record.legacy.LegacySets;
import io.kaon.record.legacy.UpConverter;
import io.kaon.storage.producer.ProducerVerdict;
import io.kaon.storage.producer.VerificationGuard;
import io.kaon.storage.segment.NothingWrittenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Checks batches, gives them their offsets and writes them to the page cache. Owned by the log's owner. */
final class LogAppender {
    /** The caller has looked at what depends on the version of the Produce request. */
    private static final int NEWEST_PRODUCE_VERSION = Short.MAX_VALUE;

    private final LogCore core;
    private final LogRoller roller;
    private final LogSyncer syncer;
    private final BatchValidator hurriedValidator;
    private final BatchRecompressor recompressor;
    private final UpConverter upConverter;
    private final WritePace pace = new WritePace();
    private boolean commitsAlone;

    LogAppender(LogCore core, LogRoller roller, LogSyncer syncer) {
        this.core = core;
        this.roller = roller;
        this.syncer = syncer;
        this.hurriedValidator = AppendCost.hurriedValidator(core.context().limits());
        this.recompressor = new BatchRecompressor(core.context().limits());
        this.upConverter = new UpConverter(core.context().limits());
    }

    /** Whether writes to the page cache blocked lately. Any thread. */
    boolean isSlow() {
        return pace.isSlow();
    }

    /** From now on an append moves the high watermark itself, as far as this replica is concerned. */
    void commitAlone() {
        commitsAlone = true;
    }

    AppendResult append(ByteBuffer records, AppendOrigin origin, int leaderEpoch, VerificationGuard guard) {
        if (!core.health().isOnline()) {
            return Rejected.of(ErrorCode.KAFKA_STORAGE_ERROR, "the log of " + core.name() + " is offline");
        }
        if (origin == AppendOrigin.CLIENT && core.context().room().isScarce()) {
            return Rejected.of(
                    ErrorCode.KAFKA_STORAGE_ERROR, core.context().room().refusal());
        }
        long nowMs = core.context().clock().wallMs();
        ValidationOutcome outcome = validated(records, core.state().rules(origin), nowMs);
        if (outcome instanceof InvalidBatches invalid) {
            return new Rejected(invalid.code(), invalid.message(), invalid.recordErrors());
        }
        List<RecordBatch> batches = ((ValidBatches) outcome).batches();
        ProducerVerdict verdict = new ProducerCheck(
                        core.state().producers(), origin, core.context().limits(), guard)
                .verdictOn(batches);
        if (verdict instanceof ProducerVerdict.Refused refused) {
            return Rejected.of(refused.code(), refused.message());
        }
        if (verdict instanceof ProducerVerdict.Duplicate duplicate) {
            return appended(duplicate.baseOffset(), duplicate.lastOffset(), duplicate.timestamp(), true);
        }
        ValidationOutcome stored = inStoredForm((ValidBatches) outcome);
        if (stored instanceof InvalidBatches invalid) {
            return new Rejected(invalid.code(), invalid.message(), invalid.recordErrors());
        }
        return write((ValidBatches) stored, leaderEpoch, nowMs);
    }

    /** Message sets of magic 0 and 1 (Produce 0–2) become a batch before. */
    private ValidationOutcome validated(ByteBuffer records, ValidationRules rules, long nowMs) {
        if (LegacySets.isLegacy(records)) {
            ValidationOutcome converted =
                    upConverter.convert(records, rules, core.state().options().storedCompression());
            return converted instanceof ValidBatches batches
                    ? core.context()
                            .validator()
                            .validate(batches.first().buffer(), NEWEST_PRODUCE_VERSION, rules, nowMs)
                    : converted;
        }
        if (rules.origin() != io.kaon.record.AppendOrigin.CLIENT || core.owner().mayBlock()) {
            return core.context().validator().validate(records, NEWEST_PRODUCE_VERSION, rules, nowMs);
        }
        try {
            return hurriedValidator.validate(records, NEWEST_PRODUCE_VERSION, rules, nowMs);
        } catch (DecompressionLimitException tooMuch) {
            throw new AppendTakesLongException(tooMuch.getMessage());
        }
    }

    private ValidationOutcome inStoredForm(ValidBatches batches) {
        LogOptions options = core.state().options();
        Optional<Compression> compression = options.storedCompression();
        return compression.isPresent()
                ? recompressor.recompress(
                        batches, compression.get(), options.rules().maxMessageBytes())
                : batches;
    }

    private AppendResult write(ValidBatches valid, int leaderEpoch, long nowMs) {
        List<RecordBatch> batches = valid.batches();
        long baseOffset = core.state().logEnd();
        long nextOffset = baseOffset;
        long maxTimestamp = -1;
        int bytes = 0;
        // By index here and below: an iterator per append is garbage that costs as much as the loop.
        for (int index = 0; index < batches.size(); index++) {
            RecordBatch batch = batches.get(index);
            batch.assign(nextOffset, leaderEpoch);
            nextOffset = batch.nextOffset();
            maxTimestamp = Math.max(maxTimestamp, batch.maxTimestamp());
            bytes += batch.sizeInBytes();
        }
        int segmentBytes = core.state().options().segments().segmentBytes();
        if (bytes > segmentBytes) {
            return Rejected.of(
                    ErrorCode.RECORD_LIST_TOO_LARGE, bytes + " bytes do not fit into a segment of " + segmentBytes);
        }
        try {
            roller.prepare(bytes, nextOffset - 1, maxTimestamp);
            writeTimed(valid.bytes());
            for (int index = 0; index < batches.size(); index++) {
                core.state().note(batches.get(index), nowMs);
            }
            roller.maybeOrderSpare();
        } catch (NothingWrittenException refused) {
            return core.health().onRefused(refused);
        } catch (IOException failure) {
            core.health().onFailure(failure);
            return core.health().notWritten(failure);
        }
        core.health().onWritten();
        if (core.state().beginEpoch(leaderEpoch, baseOffset)) {
            core.files().writeEpochs(core.state().epochs());
        }
        core.state().moveEnd(nextOffset, bytes);
        syncer.onAppended(baseOffset, bytes);
        if (commitsAlone) {
            core.state().advanceHighWatermark(syncer.committableEnd());
        }
        core.state().publish();
        core.context().room().onWritten(bytes);
        return appended(baseOffset, nextOffset - 1, maxTimestamp, false);
    }

    private void writeTimed(ByteBuffer bytes) throws IOException {
        long startNs = core.context().clock().nanos();
        core.state().chain().active().write(bytes);
        pace.onWritten(startNs, core.context().clock().nanos());
    }

    private Appended appended(long baseOffset, long lastOffset, long maxTimestamp, boolean duplicate) {
        boolean isStamped = core.state().options().rules().timestampType() == TimestampType.LOG_APPEND_TIME;
        return new Appended(
                baseOffset,
                lastOffset,
                isStamped ? maxTimestamp : -1,
                core.state().logStart(),
                duplicate);
    }
}
