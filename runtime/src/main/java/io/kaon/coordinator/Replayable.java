// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator;

import io.kaon.common.ProducerIdAndEpoch;
import java.util.ArrayList;
import java.util.List;

/**
 * Something of a shard's log that is decoded and waits for its turn to be replayed.
 *
 * @param <R> the records
 */
sealed interface Replayable<R> {
    /** Where it stands in the log. */
    long offset();

    /** Inside the shard's owner. */
    void into(ShardState<R> state);

    /** What the chunk holds, without the records that the codec leaves aside. On the thread that read it. */
    static <R> List<Replayable<R>> decode(LogChunk chunk, RecordCodec<R> codec) {
        List<Replayable<R>> decoded = new ArrayList<>(chunk.entries().size());
        for (LogChunk.Entry entry : chunk.entries()) {
            if (entry instanceof LogChunk.Plain plain) {
                codec.decode(plain.record()).ifPresent(record -> decoded.add(new Plain<>(plain.offset(), record)));
            } else if (entry instanceof LogChunk.Transactional open) {
                codec.decode(open.record())
                        .ifPresent(record -> decoded.add(new Transactional<>(open.offset(), open.producer(), record)));
            } else {
                LogChunk.Marker marker = (LogChunk.Marker) entry;
                decoded.add(new Marker<>(marker.offset(), marker.producer(), marker.committed()));
            }
        }
        return decoded;
    }

    /** As {@link LogChunk.Plain}. */
    record Plain<R>(long offset, R record) implements Replayable<R> {
        @Override
        public void into(ShardState<R> state) {
            state.replay(offset, record);
        }
    }

    /** As {@link LogChunk.Transactional}. */
    record Transactional<R>(long offset, ProducerIdAndEpoch producer, R record) implements Replayable<R> {
        @Override
        public void into(ShardState<R> state) {
            state.replayTransactional(offset, producer, record);
        }
    }

    /** As {@link LogChunk.Marker}. */
    record Marker<R>(long offset, ProducerIdAndEpoch producer, boolean committed) implements Replayable<R> {
        @Override
        public void into(ShardState<R> state) {
            state.replayMarker(offset, producer.producerId(), producer.epoch(), committed);
        }
    }
}
