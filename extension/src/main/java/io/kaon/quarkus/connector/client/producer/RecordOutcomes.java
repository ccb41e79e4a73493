// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.producer;

import io.kaon.quarkus.connector.client.producer.Lane.Batch;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.util.List;
import java.util.function.IntConsumer;
import org.jboss.logging.Logger;

/** Tells records what became of them, once each, and counts those that do not know yet. Owned by the producer's thread. */
final class RecordOutcomes {
    private static final Logger LOG = Logger.getLogger(RecordOutcomes.class);

    private final ProducerMeter meter;
    private final IntConsumer release;
    private int unfinished;

    /** @param release is told how many bytes of records are done */
    RecordOutcomes(ProducerMeter meter, IntConsumer release) {
        this.meter = meter;
        this.release = release;
    }

    /** One more record waits for its outcome. */
    void expectOne() {
        unfinished++;
    }

    /** Whether a record waits for its outcome. */
    boolean areExpected() {
        return unfinished > 0;
    }

    /** The batch is in the log. Nothing happens when its records were given up. */
    void succeed(Batch batch, PartitionProduceResponse answer) {
        if (batch.lane().isGivenUp()) {
            return;
        }
        List<PendingRecord> records = batch.records();
        unfinished -= records.size();
        meter.onSent(records.size(), batch.sizeInBytes());
        release.accept(batch.sizeInBytes());
        for (int index = 0; index < records.size(); index++) {
            try {
                records.get(index).succeed(batch.lane().target(), answer.baseOffset(), index, answer.logAppendTimeMs());
            } catch (RuntimeException | Error e) {
                warn(e);
            }
        }
        batch.lane().finish(records.size());
    }

    /** The batch will not be in the log, or nobody knows. Nothing happens when its records were given up. */
    void fail(Batch batch, RuntimeException reason) {
        if (!batch.lane().isGivenUp()) {
            batch.records().forEach(record -> fail(record, reason));
            batch.lane().finish(batch.records().size());
        }
    }

    /** A record that waited in the lane will not leave it. */
    void fail(Lane lane, PendingRecord record, RuntimeException reason) {
        fail(record, reason);
        lane.finish(1);
    }

    /** A record that has not come into a lane. */
    void fail(PendingRecord record, RuntimeException reason) {
        unfinished--;
        meter.onFailed(1);
        release.accept(record.sizeInBytes());
        try {
            record.fail(reason);
        } catch (RuntimeException | Error e) {
            warn(e);
        }
    }

    /** Callbacks are the application's: what they throw must not keep the others waiting. */
    private static void warn(Throwable failure) {
        LOG.warnf(failure, "The callback of a sent record failed");
    }
}
