// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import io.kaon.common.ErrorCode;
import io.kaon.record.RecordError;
import io.kaon.server.ErrorMapping;
import io.kaon.server.Reply;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.Rejected;
import io.kaon.telemetry.TopicMeter;
import io.kaon.wire.message.ProduceResponse;
import io.kaon.wire.message.ProduceResponse.PartitionProduceResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/**
 * Waits for the appends of one Produce, which end on different threads, and fills in their places in the response. Each
 * place is written by one thread; the count of open ones publishes them.
 */
final class ProduceCollector {
    private static final long NO_OFFSET = -1;

    private final ProduceResponse response;
    private final UnaryOperator<ProduceResponse> finish;
    private final boolean answers;
    private final short version;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    /** One more than the appends on their way, until {@link #onAllStarted}. */
    private final AtomicInteger open = new AtomicInteger(1);

    private volatile ErrorCode lastError = ErrorCode.NONE;

    /**
     * @param answers false for acks=0, whose client reads no response
     * @param version of the request
     * @param finish adds what depends on the whole response
     */
    ProduceCollector(ProduceResponse response, boolean answers, short version, UnaryOperator<ProduceResponse> finish) {
        this.response = response;
        this.answers = answers;
        this.version = version;
        this.finish = finish;
    }

    /**
     * An append whose result comes later.
     *
     * @param meter of the topic
     */
    void onStarted(PartitionProduceResponse place, CompletionStage<AppendResult> append, TopicMeter meter) {
        open.incrementAndGet();
        meter.produce();
        append.whenComplete((result, failure) -> {
            if (failure != null) {
                reject(place, ErrorMapping.codeOf(failure), "the append failed");
            } else if (result instanceof Appended appended) {
                accept(place, appended);
            } else {
                reject(place, (Rejected) result);
            }
            if (!(result instanceof Appended)) {
                meter.produceFailed();
            }
            onFinished();
        });
    }

    /** A partition that is refused without an append. */
    void reject(PartitionProduceResponse place, ErrorCode error, String message) {
        lastError = error;
        place.setErrorCode(StorageErrors.inProduce(error, version).code())
                .setErrorMessage(message)
                .setBaseOffset(NO_OFFSET);
    }

    /** A partition to which nothing was sent. */
    void acceptNothing(PartitionProduceResponse place) {
        place.setBaseOffset(NO_OFFSET);
    }

    /** Every partition has been started or refused: the result completes when the appends have. */
    CompletionStage<Reply> onAllStarted() {
        onFinished();
        return reply;
    }

    private void onFinished() {
        if (open.decrementAndGet() > 0) {
            return;
        }
        if (answers) {
            reply.complete(new Reply.Answer(finish.apply(response)));
        } else if (lastError == ErrorCode.NONE) {
            reply.complete(Reply.NO_RESPONSE);
        } else {
            reply.complete(new Reply.CloseConnection("a Produce with acks=0 failed: " + lastError));
        }
    }

    private static void accept(PartitionProduceResponse place, Appended appended) {
        place.setBaseOffset(appended.baseOffset())
                .setLogAppendTimeMs(appended.logAppendTimeMs())
                .setLogStartOffset(appended.logStartOffset());
    }

    private void reject(PartitionProduceResponse place, Rejected rejected) {
        reject(place, rejected.code(), rejected.message());
        List<ProduceResponse.BatchIndexAndErrorMessage> errors = new ArrayList<>(0);
        for (RecordError error : rejected.recordErrors()) {
            errors.add(new ProduceResponse.BatchIndexAndErrorMessage()
                    .setBatchIndex(error.batchIndex())
                    .setBatchIndexErrorMessage(error.message()));
        }
        place.setRecordErrors(errors);
    }
}
