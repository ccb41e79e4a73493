// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import io.kaon.exec.Clock;
import io.kaon.storage.compaction.CompactionWork;
import io.kaon.telemetry.BrokerMetrics;
import io.kaon.telemetry.Counter;
import io.kaon.telemetry.MetricCatalogue;
import io.kaon.telemetry.MetricName;
import io.kaon.telemetry.Metrics;
import java.util.List;
import java.util.Map;
import org.jboss.logging.Logger;

/** Tells what compaction does. Any thread; the calls about one round come one after the other. */
final class CompactionMetrics {
    private static final Logger LOG = Logger.getLogger(Compactor.class);
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double MS_PER_SECOND = 1e3;
    private static final List<MetricName> OF_ROUND = List.of(
            MetricCatalogue.COMPACTION_ROUND_BYTES,
            MetricCatalogue.COMPACTION_ROUND_TARGET,
            MetricCatalogue.COMPACTION_ROUND_KEYS);

    private static final int PERCENT = 100;

    private final Metrics metrics;
    private final Clock clock;
    private final Counter bytesRead;
    private final Counter bytesWritten;
    private final Counter rounds;
    private volatile double lastRoundMs;
    private volatile double lastRoundRate;
    private volatile double largestDirtyRatio;
    private volatile double refused;

    CompactionMetrics(Metrics metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.bytesRead = metrics.counter(MetricCatalogue.COMPACTION_BYTES_READ);
        this.bytesWritten = metrics.counter(MetricCatalogue.COMPACTION_BYTES_WRITTEN);
        this.rounds = metrics.counter(MetricCatalogue.COMPACTION_ROUNDS);
        metrics.gauge(MetricCatalogue.COMPACTION_LAST_ROUND_DURATION, () -> lastRoundMs);
        metrics.gauge(MetricCatalogue.COMPACTION_LAST_ROUND_RATE, () -> lastRoundRate);
        metrics.gauge(MetricCatalogue.COMPACTION_DIRTY_RATIO, () -> largestDirtyRatio);
        metrics.gauge(BrokerMetrics.MAX_DIRTY_PERCENT, () -> largestDirtyRatio * PERCENT);
        metrics.gauge(MetricCatalogue.COMPACTION_REFUSED, () -> refused);
    }

    /** All logs were looked at. */
    void onLook(double newLargestDirtyRatio, int newRefused) {
        largestDirtyRatio = newLargestDirtyRatio;
        refused = newRefused;
    }

    void onBegin(CompactionRound round) {
        metrics.gauge(MetricCatalogue.COMPACTION_ROUND_BYTES, tags(round), () -> round.work()
                .map(CompactionWork::bytesRead)
                .orElse(0L));
        // The dirty part is read twice: for its keys, and with the rest.
        long target = round.range().cleanBytes() + 2 * round.range().dirtyBytes();
        metrics.gauge(MetricCatalogue.COMPACTION_ROUND_TARGET, tags(round), () -> target);
        metrics.gauge(MetricCatalogue.COMPACTION_ROUND_KEYS, tags(round), () -> round.work()
                .map(CompactionWork::keys)
                .orElse(0L));
    }

    /** Answers the bytes that were read and written since the last call. */
    long onPiece(CompactionRound round) {
        CompactionWork work = round.work().orElseThrow();
        long read = work.takeBytesRead();
        long written = work.takeBytesWritten();
        bytesRead.add(read);
        bytesWritten.add(written);
        return read + written;
    }

    void onEnd(CompactionRound round, CompactionDriver.Outcome outcome) {
        OF_ROUND.forEach(name -> metrics.remove(name, tags(round)));
        if (outcome != CompactionDriver.Outcome.DONE) {
            return;
        }
        CompactionWork work = round.work().orElseThrow();
        rounds.increment();
        lastRoundMs = (clock.nanos() - round.startNs()) / 1e6;
        lastRoundRate = lastRoundMs <= 0 ? 0 : (work.bytesRead() + work.bytesWritten()) / lastRoundMs * MS_PER_SECOND;
        LOG.infof(
                "%s is compacted up to %s: %.1f MiB read, %.1f MiB written, %s keys in %.1f MiB, %.0f ms",
                round.name(),
                work.endOffset(),
                work.bytesRead() / BYTES_PER_MIB,
                work.bytesWritten() / BYTES_PER_MIB,
                work.keys(),
                work.mapBytes() / BYTES_PER_MIB,
                lastRoundMs);
        if (work.droppedWithoutKey() > 0) {
            LOG.warnf("%s had %s records without a key, which are gone", round.name(), work.droppedWithoutKey());
        }
    }

    private static Map<String, String> tags(CompactionRound round) {
        return Map.of(
                "topic",
                round.name().topic(),
                "partition",
                Integer.toString(round.name().partition()));
    }
}
