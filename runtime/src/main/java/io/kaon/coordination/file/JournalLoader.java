// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination.file;

import io.kaon.coordination.JournalException;
import io.kaon.metadata.MetadataRecordCodec;
import io.kaon.metadata.UnknownMetadataException;
import io.kaon.wire.BufferReader;
import io.kaon.wire.MalformedFrameException;
import io.kaon.wire.StateMessage;
import io.kaon.wire.WireReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/**
 * Reads the journal's files at the start. Only the end of the last file may be broken, by a write that was never
 * acknowledged: it is cut off. A broken place with a whole block behind it is damage to what was acknowledged, and the
 * start fails. Blocking: one disk task.
 */
final class JournalLoader {
    private static final Logger LOG = Logger.getLogger(JournalLoader.class);

    private final JournalFolder folder;
    private final Sink sink;
    private long endOffset;
    private long segmentEndOffset;

    /** Takes what is read, on the disk thread. */
    interface Sink {
        void onSnapshot(long offset);

        void onRecords(long offset, List<StateMessage> records);
    }

    /**
     * @param endOffset the offset of the next entry
     * @param writer where it goes
     */
    record Loaded(long endOffset, SegmentWriter writer) {}

    JournalLoader(JournalFolder folder, Sink sink) {
        this.folder = folder;
        this.sink = sink;
    }

    Loaded load() throws IOException {
        folder.prepare();
        Optional<Path> snapshot = folder.snapshot();
        if (snapshot.isPresent()) {
            endOffset = SnapshotFile.read(snapshot.get(), sink) + 1;
        }
        TreeMap<Long, Path> segments = folder.segments();
        for (Map.Entry<Long, Path> segment : segments.entrySet()) {
            if (segment.getKey() > endOffset) {
                throw new JournalException("entries " + endOffset + " to " + (segment.getKey() - 1)
                        + " of the metadata journal in " + folder + " are missing: put back a copy of the folder");
            }
            boolean isLast = segment.equals(segments.lastEntry());
            int endPosition = replay(segment.getKey(), segment.getValue(), isLast);
            if (endPosition > 0 && segmentEndOffset == endOffset && isLast) {
                return new Loaded(endOffset, SegmentWriter.open(folder, segment.getValue(), endPosition));
            }
        }
        return new Loaded(endOffset, SegmentWriter.create(folder, endOffset));
    }

    /** Replays a file; returns the position behind its last block, or 0 when not even its header was finished. */
    private int replay(long firstOffset, Path file, boolean isLast) throws IOException {
        ByteBuffer bytes = JournalFolder.read(file);
        if (!FileHeader.isIntact(bytes, FileHeader.ENTRIES)) {
            requireUnfinished(bytes, 0, file, isLast);
            Files.delete(file);
            return 0;
        }
        FileHeader header = FileHeader.read(bytes);
        requireKnown(header, file);
        requireSame(header.offset(), firstOffset, file, 0);
        segmentEndOffset = firstOffset;
        int position = FileHeader.BYTES;
        while (position < bytes.limit()) {
            JournalBlock block = JournalBlock.parse(bytes, position).orElse(null);
            if (block == null) {
                requireUnfinished(bytes, position, file, isLast);
                return position;
            }
            requireSame(block.baseOffset(), segmentEndOffset, file, position);
            replay(block, file, position);
            position += block.sizeInBytes();
            segmentEndOffset = block.endOffset();
        }
        return position;
    }

    private void replay(JournalBlock block, Path file, int position) {
        long offset = block.baseOffset();
        for (ByteBuffer entry : block.entries()) {
            if (offset >= endOffset) { // the snapshot holds the ones before
                sink.onRecords(offset, decode(entry, file, position));
                endOffset = offset + 1;
            }
            offset++;
        }
    }

    private static void requireUnfinished(ByteBuffer bytes, int position, Path file, boolean isLast) {
        boolean isFollowed = false;
        for (int at = position + 1; at <= bytes.limit() - JournalBlock.MIN_BYTES && !isFollowed; at++) {
            isFollowed = JournalBlock.parse(bytes, at).isPresent();
        }
        if (isFollowed || !isLast) {
            throw new JournalException("the metadata journal " + file + " is damaged at byte " + position
                    + " before entries that are intact: put back a copy of the file");
        }
        LOG.infof("%s: %d bytes of an unfinished write were cut off", file, bytes.limit() - position);
    }

    private static void requireSame(long offset, long expected, Path file, int position) {
        if (offset != expected) {
            throw new JournalException("the metadata journal " + file + " has entry " + offset + " at byte " + position
                    + " where entry " + expected + " belongs: put back a copy of the file");
        }
    }

    static void requireKnown(FileHeader header, Path file) {
        if (header.version() > FileHeader.VERSION) {
            throw new JournalException(file + " has format " + header.version()
                    + " of a newer version of Kaon, this one reads up to " + FileHeader.VERSION);
        }
    }

    static List<StateMessage> decode(ByteBuffer entry, Path file, int position) {
        try {
            WireReader reader = new BufferReader(entry);
            List<StateMessage> records = MetadataRecordCodec.read(reader);
            reader.requireFullyRead();
            return records;
        } catch (UnknownMetadataException | MalformedFrameException unreadable) {
            String message = "the metadata journal " + file + " cannot be read at byte " + position + ": ";
            throw new JournalException(message + unreadable.getMessage(), unreadable);
        }
    }
}
