// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage.segment;

import io.kaon.record.BatchHeader;
import io.kaon.record.BatchHeaderReader;
import io.kaon.record.BatchOutcome;
import io.kaon.record.EndOfBatches;
import io.kaon.record.SharedFile;
import java.io.IOException;
import java.util.Optional;

/** Reads a segment from batch to batch. Blocks; its thread owns the segment meanwhile. */
public final class SegmentScan {
    /** No control batch is nearly as large; the headers of what claims to be one are shown alone. */
    private static final int MAX_CONTROL_BYTES = 64 * 1024;

    private SegmentScan() {}

    /**
     * Shows the visitor every batch from a position on, as far as they are good.
     *
     * @param from where a batch begins
     * @param nextOffset the lowest offset that the batch may have
     */
    public static ScanEnd visit(Segment segment, int from, long nextOffset, ScanRules rules, BatchVisitor visitor)
            throws IOException {
        return scan(segment, from, nextOffset, rules, (header, position) -> visitor.onBatch(header));
    }

    /** The same, and the segment takes note of each batch: what it knows of itself, and its indexes, are made anew. */
    static ScanEnd note(Segment segment, int from, long nextOffset, ScanRules rules, BatchVisitor visitor)
            throws IOException {
        return scan(segment, from, nextOffset, rules, (header, position) -> {
            BatchPlace place = new BatchPlace(position, header.sizeInBytes(), header.lastOffset());
            visitor.onBatch(header);
            segment.note(place, header.maxRecordTimestamp(), rules.indexIntervalBytes());
        });
    }

    private interface Step {
        void onBatch(BatchHeader header, int position) throws IOException;
    }

    private static ScanEnd scan(Segment segment, int from, long nextOffset, ScanRules rules, Step step)
            throws IOException {
        SharedFile file = segment.retain();
        try {
            long fileSize = Math.min(file.channel().size(), Integer.MAX_VALUE);
            BatchHeaderReader reader = new BatchHeaderReader(file.channel(), from, fileSize);
            // A header is good until its reader reads on, and the CRC makes it read on: so another one does that.
            Optional<BatchHeaderReader> crcReader = rules.checksCrc()
                    ? Optional.of(new BatchHeaderReader(file.channel(), from, fileSize))
                    : Optional.empty();
            long expected = nextOffset;
            BatchOutcome outcome = reader.next();
            while (outcome instanceof BatchHeader header) {
                String flaw = flawOf(crcReader, header, expected, rules);
                if (!flaw.isEmpty()) {
                    return new ScanEnd((int) reader.position(), expected, flaw);
                }
                expected = header.nextOffset();
                boolean isWhole = header.isControl() && header.sizeInBytes() <= MAX_CONTROL_BYTES;
                step.onBatch(isWhole ? reader.read() : header, (int) reader.position());
                outcome = reader.next();
            }
            String flaw = outcome instanceof EndOfBatches ? "" : outcome.toString();
            return new ScanEnd((int) reader.position(), expected, flaw);
        } finally {
            file.release();
        }
    }

    private static String flawOf(
            Optional<BatchHeaderReader> crcReader, BatchHeader header, long expected, ScanRules rules)
            throws IOException {
        boolean isGap = header.baseOffset() > expected && expected >= rules.gaplessFrom();
        if (header.baseOffset() < expected || isGap) {
            return header + " where offset " + expected + " should be";
        }
        if (header.lastOffsetDelta() < 0) {
            return header + " runs backwards";
        }
        if (crcReader.isPresent() && !isCrcValid(crcReader.get())) {
            return header + " has a wrong CRC";
        }
        return "";
    }

    private static boolean isCrcValid(BatchHeaderReader crcReader) throws IOException {
        return crcReader.next() instanceof BatchHeader && crcReader.isCrcValid();
    }
}
