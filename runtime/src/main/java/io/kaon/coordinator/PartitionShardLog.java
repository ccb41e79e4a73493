// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ProducerIdAndEpoch;
import io.kaon.exec.Cancellable;
import io.kaon.exec.DiskThreads;
import io.kaon.exec.SerialExecutor;
import io.kaon.record.BatchFormat;
import io.kaon.record.BatchReader;
import io.kaon.record.Codecs;
import io.kaon.record.Compression;
import io.kaon.record.CompressionType;
import io.kaon.record.FileSlice;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordLimits;
import io.kaon.replication.Partition;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.AppendResult;
import io.kaon.storage.Appended;
import io.kaon.storage.LogView;
import io.kaon.storage.ReadResult;
import io.kaon.storage.Rejected;
import io.kaon.storage.producer.TransactionMarker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.LongConsumer;

/** The log of a shard as a partition that this broker leads, whose log is open. */
public final class PartitionShardLog implements ShardLog {
    /** More changes of the log than can come between two looks at it, unless something is wrong. */
    private static final int MAX_LOOKS = 100;

    private final Partition partition;
    private final DiskThreads disks;
    private final Codecs codecs;
    private final RecordLimits limits;
    private final Compression compression;

    /**
     * @param disks where chunks are read and parsed
     * @param codecs for batches that somebody compressed
     */
    public PartitionShardLog(Partition partition, DiskThreads disks, Codecs codecs) {
        this(partition, disks, codecs, Compression.NONE);
    }

    /** @param compression of the batches that the shard writes */
    public PartitionShardLog(Partition partition, DiskThreads disks, Codecs codecs, Compression compression) {
        this.partition = partition;
        this.disks = disks;
        this.codecs = codecs;
        this.limits = RecordLimits.of(codecs);
        this.compression = compression;
    }

    @Override
    public SerialExecutor owner() {
        return partition.owner();
    }

    @Override
    public ShardAppend append(List<KeyValue> records, long timestampMs) {
        return append(batch(builder(records), records, timestampMs), AppendOrigin.COORDINATOR);
    }

    @Override
    public ShardAppend appendTransactional(ProducerIdAndEpoch producer, List<KeyValue> records, long timestampMs) {
        RecordBatchBuilder batch = builder(records)
                .producer(producer.producerId(), producer.epoch(), BatchFormat.NO_SEQUENCE)
                .transactional();
        return append(batch(batch, records, timestampMs), AppendOrigin.COORDINATOR);
    }

    @Override
    public ShardAppend appendMarker(TransactionMarker marker, boolean bumpsEpoch, long timestampMs) {
        return append(
                marker.toBatch(timestampMs),
                bumpsEpoch ? AppendOrigin.COORDINATOR_BUMPING_EPOCHS : AppendOrigin.COORDINATOR);
    }

    private RecordBatchBuilder builder(List<KeyValue> records) {
        if (compression.type() != CompressionType.NONE) {
            return RecordBatchBuilder.compressed(codecs, compression);
        }
        int bytes = 0;
        for (KeyValue record : records) {
            bytes += record.sizeInBytes();
        }
        return RecordBatchBuilder.uncompressed(records.size(), bytes);
    }

    private static ByteBuffer batch(RecordBatchBuilder batch, List<KeyValue> records, long timestampMs) {
        for (KeyValue record : records) {
            record.appendTo(batch, timestampMs);
        }
        return batch.build();
    }

    private ShardAppend append(ByteBuffer batch, AppendOrigin origin) {
        AppendResult result = partition.appendInside(batch, origin);
        if (result instanceof Appended appended) {
            return new ShardAppend.Appended(appended.baseOffset());
        }
        Rejected rejected = (Rejected) result;
        return new ShardAppend.Refused(rejected.code(), rejected.message());
    }

    @Override
    public boolean needsDisk(int bytes) {
        return partition.needsDisk(bytes);
    }

    @Override
    public long startOffset() {
        return partition.view().logStartOffset();
    }

    @Override
    public long endOffset() {
        return partition.view().logEndOffset();
    }

    @Override
    public long committedOffset() {
        return partition.view().highWatermark();
    }

    @Override
    public CompletionStage<LogChunk> read(long offset, int maxBytes) {
        return disks.submit(() -> {
            FileSlice slice = slice(offset, maxBytes);
            try {
                return parse(slice.toBuffer(), offset);
            } finally {
                slice.release();
            }
        });
    }

    /** Looks again where compaction has put other segments into the log between two looks. */
    private FileSlice slice(long offset, int maxBytes) throws IOException {
        LogView view = partition.view();
        for (int look = 0; look < MAX_LOOKS; look++) {
            // What lies before the start was deleted while the shard was loading.
            long from = Math.max(offset, view.logStartOffset());
            if (view.read(from, view.logEndOffset(), maxBytes, true) instanceof ReadResult.Region region) {
                return region.slice();
            }
            LogView present = partition.view();
            if (present == view) {
                break;
            }
            view = present;
        }
        throw new IOException(partition.name() + " has no offset " + offset);
    }

    @Override
    public Cancellable onCommitted(LongConsumer listener) {
        return partition.onCommitted(listener);
    }

    private LogChunk parse(ByteBuffer bytes, long offset) {
        List<LogChunk.Entry> entries = new ArrayList<>();
        long nextOffset = offset;
        for (RecordBatch batch : BatchReader.split(bytes).batches()) {
            nextOffset = batch.nextOffset();
            if (batch.isControl()) {
                marker(batch, offset).ifPresent(entries::add);
            } else {
                addRecords(batch, offset, entries);
            }
        }
        return new LogChunk(entries, nextOffset);
    }

    private Optional<LogChunk.Entry> marker(RecordBatch batch, long offset) {
        if (batch.lastOffset() < offset) {
            return Optional.empty();
        }
        return TransactionMarker.of(batch, limits)
                .map(marker -> new LogChunk.Marker(
                        batch.lastOffset(),
                        new ProducerIdAndEpoch(marker.producerId(), marker.producerEpoch()),
                        !marker.isAbort()));
    }

    private void addRecords(RecordBatch batch, long offset, List<LogChunk.Entry> entries) {
        boolean isTransactional = batch.isTransactional();
        ProducerIdAndEpoch producer = new ProducerIdAndEpoch(batch.producerId(), batch.producerEpoch());
        for (Record record : batch.records(limits)) {
            if (record.offset() >= offset && record.hasKey()) {
                entries.add(
                        isTransactional
                                ? new LogChunk.Transactional(record.offset(), producer, toKeyValue(record))
                                : new LogChunk.Plain(record.offset(), toKeyValue(record)));
            }
        }
    }

    private static KeyValue toKeyValue(Record record) {
        return record.hasValue() ? KeyValue.of(record.key(), record.value()) : KeyValue.tombstone(record.key());
    }
}
