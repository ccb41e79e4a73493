// SPDX-License-Identifier: Apache-2.0
package io.kaon.telemetry;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;

/**
 * What the parts of one broker tell about themselves: a part registers what it has, somebody else reads it all with
 * {@link #samples()} (the extension hands it to Micrometer, a test looks at it). Any thread.
 */
public final class Metrics {
    /** Partitions with values of their own unless somebody says otherwise: more than a page can show, and still cheap. */
    public static final int DEFAULT_MAX_PARTITIONS = 1000;

    private final Map<Key, DoubleSupplier> values = new ConcurrentHashMap<>();
    private final Map<Key, Counter> counters = new ConcurrentHashMap<>();
    private final List<MetricSource> sources = new CopyOnWriteArrayList<>();

    private record Key(MetricName name, Map<String, String> tags) {}

    /**
     * One value now.
     *
     * @param tags what it belongs to, such as {@code topic} and {@code partition}; empty for the whole broker
     */
    public record Sample(MetricName name, Map<String, String> tags, double value) {}

    /** The counter of that name, made at the first call; the same one for all callers. */
    public Counter counter(MetricName name) {
        Key key = new Key(name, Map.of());
        return counters.computeIfAbsent(key, ignored -> {
            Counter counter = new Counter();
            values.put(key, counter::value);
            return counter;
        });
    }

    /** Makes a value readable; one that had the name before is replaced. The supplier must not block. */
    public void gauge(MetricName name, DoubleSupplier value) {
        values.put(new Key(name, Map.of()), value);
    }

    /** The same for one of several things, told apart by tags. {@link #remove} it when the thing is gone. */
    public void gauge(MetricName name, Map<String, String> tags, DoubleSupplier value) {
        values.put(new Key(name, Map.copyOf(tags)), value);
    }

    public void remove(MetricName name, Map<String, String> tags) {
        values.remove(new Key(name, Map.copyOf(tags)));
    }

    /** One value of the whole broker; empty when nobody tells it. */
    public OptionalDouble value(MetricName name) {
        DoubleSupplier value = values.get(new Key(name, Map.of()));
        return value == null ? OptionalDouble.empty() : OptionalDouble.of(value.getAsDouble());
    }

    /** Asks the source, too, whenever somebody looks. */
    public void source(MetricSource source) {
        sources.add(source);
    }

    /** All values, by name. */
    public List<Sample> samples() {
        return samples(DEFAULT_MAX_PARTITIONS);
    }

    /**
     * The same with another bound. Nothing was computed before: what it costs grows with what there is.
     *
     * @param maxPartitions how many partitions, and offsets of groups, have values of their own
     */
    public synchronized List<Sample> samples(int maxPartitions) {
        MetricSource.Look look = new MetricSource.Look(System.nanoTime(), maxPartitions);
        List<Sample> samples = new ArrayList<>();
        values.forEach((key, value) -> samples.add(new Sample(key.name(), key.tags(), value.getAsDouble())));
        for (MetricSource source : sources) {
            source.collect(look, (name, tags, value) -> samples.add(new Sample(name, tags, value)));
        }
        samples.sort(Comparator.comparing(sample -> sample.name().name()));
        return samples;
    }
}
