// SPDX-License-Identifier: Apache-2.0
package io.kaon.record;

import io.kaon.common.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Walks the records of one batch against a topic's rules, without materialising any. Used once, by one thread.
 */
final class RecordCheck {
    /** How many records at fault one answer names: each costs some hundred bytes, and a batch may have any number. */
    static final int MAX_RECORD_ERRORS = 128;

    private final RecordBatch batch;
    private final ValidationRules rules;
    private final long nowMs;
    private long maxTimestamp = BatchFormat.NO_TIMESTAMP;
    private int faults;
    private ErrorCode code = ErrorCode.NONE;
    private List<RecordError> errors = List.of();

    RecordCheck(RecordBatch batch, ValidationRules rules, long nowMs) {
        this.batch = batch;
        this.rules = rules;
        this.nowMs = nowMs;
    }

    /** What is wrong; empty if nothing is. Throws {@link MalformedBatchException} where the bytes are no records. */
    Optional<InvalidBatches> walk(RecordLimits limits) {
        int count = batch.count();
        try (RecordInput input = batch.openRecords(limits)) {
            RecordCursor cursor = new RecordCursor(input);
            for (int index = 0; index < count; index++) {
                cursor.begin();
                check(cursor, index);
                cursor.skipRest();
            }
            if (!input.isAtEnd()) {
                throw new MalformedBatchException("bytes are left after the " + count + " records of the batch");
            }
        }
        return faults == 0 ? Optional.empty() : Optional.of(rejection());
    }

    /** The largest timestamp of the records in ms, after the walk. */
    long maxTimestamp() {
        return maxTimestamp;
    }

    private void check(RecordCursor cursor, int index) {
        long timestamp = batch.baseTimestamp() + cursor.timestampDelta();
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        if (cursor.offsetDelta() != index) {
            String message = "its offset delta is " + cursor.offsetDelta() + " instead of " + index;
            fault(ErrorCode.INVALID_RECORD, index, message);
        } else if (rules.needsKeys() && !cursor.hasKey()) {
            fault(ErrorCode.INVALID_RECORD, index, "a record of a compacted topic needs a key");
        } else if (rules.timestampType() == TimestampType.CREATE_TIME && !rules.allowsTimestamp(timestamp, nowMs)) {
            fault(
                    ErrorCode.INVALID_TIMESTAMP,
                    index,
                    "timestamp " + timestamp + " is not within " + rules.earliest(nowMs) + " to "
                            + rules.latest(nowMs));
        }
    }

    private void fault(ErrorCode faultCode, int index, String message) {
        if (faults++ == 0) {
            errors = new ArrayList<>();
            code = faultCode;
        } else if (faultCode == ErrorCode.INVALID_TIMESTAMP) {
            // One wrong timestamp among other faults makes Kafka answer INVALID_TIMESTAMP for the batch.
            code = faultCode;
        }
        if (errors.size() < MAX_RECORD_ERRORS) {
            errors.add(new RecordError(index, message));
        }
    }

    private InvalidBatches rejection() {
        RecordError first = errors.get(0);
        String message = faults + " of " + batch.count() + " records were refused; record " + first.batchIndex() + ": "
                + first.message();
        return new InvalidBatches(code, message, errors);
    }
}
