// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.record.BatchHeader;
import io.kaon.storage.segment.BatchPlace;
import io.kaon.storage.segment.ScanEnd;
import io.kaon.storage.segment.ScanRules;
import io.kaon.storage.segment.Segment;
import io.kaon.storage.segment.SegmentScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Holds the indexes of a log against a full scan of its segments. */
final class IndexCheck {
    private static final ScanRules RULES = new ScanRules(true, Long.MAX_VALUE, 0);

    private IndexCheck() {}

    private record Batch(long baseOffset, long lastOffset, int count, long maxTimestamp, int position) {}

    static void of(LogView view) throws IOException {
        List<Batch> committed = new ArrayList<>();
        for (int index = 0; index < view.segments().size(); index++) {
            Segment segment = view.segments().get(index);
            List<Batch> batches = batchesOf(segment, view.endPosition(index));
            for (Batch batch : batches) {
                shouldBeFound(segment, batch, view.endPosition(index));
                if (batch.count() > 0
                        && batch.lastOffset() >= view.logStartOffset()
                        && batch.lastOffset() < view.highWatermark()) {
                    committed.add(batch);
                }
            }
        }
        for (Batch batch : committed) {
            shouldBeFoundByTime(view, batch.maxTimestamp(), committed);
        }
    }

    private static List<Batch> batchesOf(Segment segment, int endPosition) throws IOException {
        List<Batch> batches = new ArrayList<>();
        int[] position = {0};
        ScanEnd end = SegmentScan.visit(segment, 0, segment.baseOffset(), RULES, (BatchHeader header) -> {
            batches.add(new Batch(
                    header.baseOffset(), header.lastOffset(), header.count(), header.maxTimestamp(), position[0]));
            position[0] += header.sizeInBytes();
        });
        // A preallocated file goes on with zeros.
        assertThat(end.position()).as("the end of %s", segment).isEqualTo(endPosition);
        return batches;
    }

    private static void shouldBeFound(Segment segment, Batch batch, int endPosition) throws IOException {
        for (long offset : new long[] {batch.baseOffset(), batch.lastOffset()}) {
            Optional<BatchPlace> place = segment.locate(offset, endPosition);
            assertThat(place.map(BatchPlace::position))
                    .as("offset %s in %s", offset, segment)
                    .contains(batch.position());
        }
    }

    /** The first batch with a record that is not older. */
    private static void shouldBeFoundByTime(LogView view, long timestamp, List<Batch> batches) {
        Batch expected = batches.stream()
                .filter(batch -> batch.maxTimestamp() >= timestamp)
                .findFirst()
                .orElseThrow();
        if (expected.baseOffset() < view.logStartOffset()) {
            // Whether the record that is new enough is one of the deleted ones, its header does not say.
            return;
        }
        Optional<TimestampOffset> found = view.offsetForTimestamp(timestamp, view.highWatermark());
        assertThat(found)
                .as("timestamp %s in %s: %s of %s", timestamp, view, batches, view.segments())
                .isPresent();
        assertThat(found.get().offset())
                .as("timestamp %s in %s: %s of %s", timestamp, view, batches, view.segments())
                .isBetween(expected.baseOffset(), expected.lastOffset());
    }
}
