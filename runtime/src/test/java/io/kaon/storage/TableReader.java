// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordIterator;
import io.kaon.storage.TableModel.Fate;
import io.kaon.storage.TableModel.Written;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads all of a log and holds it against its {@link TableModel}. */
final class TableReader {
    private final LogView view;
    private final TableModel model;
    private final long nowMs;
    private final TreeSet<Long> found = new TreeSet<>();
    private final TreeSet<Long> visible = new TreeSet<>();

    TableReader(LogView view, TableModel model, long nowMs) {
        this.view = view;
        this.model = model;
        this.nowMs = nowMs;
    }

    /** Throws an {@link AssertionError} for what should not be so. Answers whether compaction has taken something. */
    boolean compare() {
        read();
        shouldHaveTheTailWhole();
        shouldHideWhatIsNotCommitted();
        shouldShowTheNewest();
        assertThat(view.lastStableOffset())
                .as("last stable offset of %s", view)
                .isLessThanOrEqualTo(model.stableLimit(view.logStartOffset(), view.highWatermark()))
                .isGreaterThanOrEqualTo(Math.max(view.logStartOffset(), model.stableLimit(0, view.highWatermark())));
        return found.size() < model.records().tailMap(model.start()).size();
    }

    private void read() {
        List<AbortedTransaction> aborted =
                new ArrayList<>(view.abortedTransactions(view.logStartOffset(), view.lastStableOffset())
                        .orElseThrow());
        Set<Long> abortedProducers = new HashSet<>();
        for (RecordBatch batch : batches()) {
            while (!aborted.isEmpty() && aborted.get(0).firstOffset() <= batch.lastOffset()) {
                abortedProducers.add(aborted.remove(0).producerId());
            }
            if (batch.isControl()) {
                TransactionMarker.of(batch, StorageFixture.LIMITS)
                        .filter(TransactionMarker::isAbort)
                        .ifPresent(marker -> abortedProducers.remove(marker.producerId()));
            } else {
                boolean isHidden = batch.isTransactional() && abortedProducers.contains(batch.producerId());
                note(batch, !isHidden && batch.lastOffset() < view.lastStableOffset());
            }
        }
    }

    private List<RecordBatch> batches() {
        List<RecordBatch> batches = new ArrayList<>();
        long offset = view.logStartOffset();
        while (offset < view.logEndOffset()) {
            ReadResult.Region region = (ReadResult.Region) view.read(offset, view.logEndOffset(), 1 << 16, true);
            List<RecordBatch> next = StorageFixture.batches(region);
            if (next.isEmpty()) {
                break;
            }
            batches.addAll(next);
            offset = next.get(next.size() - 1).nextOffset();
        }
        return batches;
    }

    private void note(RecordBatch batch, boolean isVisible) {
        try (RecordIterator records = batch.records(StorageFixture.LIMITS)) {
            while (records.hasNext()) {
                Record record = records.next();
                if (record.offset() >= model.start()) {
                    shouldBeAsWritten(record);
                    assertThat(found.isEmpty() || found.last() < record.offset())
                            .as("order at %s", record.offset())
                            .isTrue();
                    found.add(record.offset());
                    if (isVisible) {
                        visible.add(record.offset());
                    }
                }
            }
        }
    }

    private void shouldBeAsWritten(Record record) {
        Written written = model.records().get(record.offset());
        assertThat(written).as("the record at %s", record.offset()).isNotNull();
        assertThat(text(record.key())).isEqualTo(written.key());
        assertThat(text(record.value())).isEqualTo(written.value());
        assertThat(record.timestamp()).isEqualTo(written.timestamp());
    }

    private static String text(ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** What was never below the last stable offset, and the active segment. */
    private void shouldHaveTheTailWhole() {
        long active = view.segments().isEmpty()
                ? model.end()
                : view.segments().get(view.segments().size() - 1).baseOffset();
        long from = Math.max(model.start(), Math.min(active, model.stableEnd()));
        assertThat(found.tailSet(from))
                .as("everything from %s on", from)
                .isEqualTo(model.records().tailMap(from).keySet());
    }

    private void shouldHideWhatIsNotCommitted() {
        Set<Long> committed = new TreeSet<>();
        for (long offset : found.headSet(view.lastStableOffset())) {
            Fate fate = model.fateOf(offset);
            assertThat(fate).as("at %s, below the last stable offset", offset).isNotEqualTo(Fate.OPEN);
            if (fate == Fate.COMMITTED) {
                committed.add(offset);
            }
        }
        assertThat(visible).as("what read_committed sees of %s", view).isEqualTo(committed);
    }

    private void shouldShowTheNewest() {
        Map<String, Long> actual = new HashMap<>();
        visible.forEach(offset -> actual.put(model.records().get(offset).key(), offset));
        Map<String, Long> expected = model.newest(view.lastStableOffset());
        assertThat(expected.keySet()).containsAll(actual.keySet());
        expected.forEach((key, offset) -> {
            Written written = model.records().get(offset);
            boolean hasExpired =
                    written.isTombstone() && nowMs - written.timestamp() >= SimulatedOptions.DELETE_RETENTION_MS;
            // What was deleted before a loss of power may be back, or not.
            boolean mayBeGone = hasExpired || offset < model.farthestStart();
            if (!mayBeGone || actual.containsKey(key)) {
                assertThat(actual).as("the newest of %s, %s", key, written).containsEntry(key, offset);
            }
        });
    }
}
