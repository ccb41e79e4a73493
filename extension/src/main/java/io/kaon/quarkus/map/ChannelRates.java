// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.map;

import io.kaon.quarkus.connector.metering.ChannelMeter;
import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import io.kaon.quarkus.connector.metering.ChannelMeters;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many records a second the channels move. Looks at their meters once a second, and only as long as somebody asks;
 * the channels do not notice. Any thread.
 */
final class ChannelRates {
    private static final long PERIOD_MS = 1_000;
    private static final long ATTENTION_NS = TimeUnit.SECONDS.toNanos(30);

    private final ChannelMeters meters;
    private final ScheduledExecutorService timer;
    private final LongSupplier clockNs;
    private final Map<ChannelMeter, Rate> rates = new HashMap<>();
    private Optional<ScheduledFuture<?>> looking = Optional.empty();
    private long askedAtNs;

    ChannelRates(ChannelMeters meters, ScheduledExecutorService timer, LongSupplier clockNs) {
        this.meters = meters;
        this.timer = timer;
        this.clockNs = clockNs;
    }

    /** Records a second over the last ten: processed, or sent. Nothing until there is enough to tell. */
    synchronized OptionalDouble perSecond(ChannelMeter meter) {
        askedAtNs = clockNs.getAsLong();
        if (looking.isEmpty()) {
            look();
            looking = Optional.of(timer.scheduleAtFixedRate(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS));
        }
        return Optional.ofNullable(rates.get(meter)).map(Rate::perSecond).orElseGet(OptionalDouble::empty);
    }

    private synchronized void look() {
        long nowNs = clockNs.getAsLong();
        if (nowNs - askedAtNs > ATTENTION_NS) {
            close();
            return;
        }
        var open = meters.all();
        rates.keySet().retainAll(open);
        open.forEach(meter -> rates.computeIfAbsent(meter, key -> new Rate()).look(nowNs, countOf(meter)));
    }

    private static long countOf(ChannelMeter meter) {
        return meter.direction() == Direction.INCOMING
                ? meter.acknowledgedCount() + meter.failedCount()
                : meter.sentCount();
    }

    /** Looks no more, until somebody asks again. */
    synchronized void close() {
        looking.ifPresent(task -> task.cancel(false));
        looking = Optional.empty();
        rates.clear();
    }
}
