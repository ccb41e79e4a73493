// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import io.kaon.quarkus.connector.metering.ChannelMeter.Direction;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The meters of an application's channels, one for each channel that is open. A bean, so that it ends with the
 * application: nothing is left of it after a live reload. Any thread.
 */
@Singleton
public class ChannelMeters {
    /** Is told which channels there are; called one at a time. */
    public interface Listener {
        /** A channel is there; called for those that were there before the listener, too. */
        void opened(ChannelMeter meter);

        /** A channel has ended. */
        void closed(ChannelMeter meter);

        /** Whether it is worth while to meter for it what costs something. */
        default boolean isListening() {
            return true;
        }
    }

    private record Key(Direction direction, String channel) {}

    private static final class Entry {
        private final ChannelMeter meter;
        private int users;

        Entry(ChannelMeter meter) {
            this.meter = meter;
        }
    }

    private final Map<Key, Entry> open = new HashMap<>();
    private final List<Listener> listeners = new ArrayList<>();

    /** Without a listener. */
    public ChannelMeters() {}

    /** With the listeners that are beans. */
    @Inject
    ChannelMeters(@Any Instance<Listener> listeners) {
        listeners.forEach(this.listeners::add);
    }

    /** Whether anybody listens, so that it is worth while to meter what costs something. */
    public synchronized boolean isObserved() {
        return listeners.stream().anyMatch(Listener::isListening);
    }

    /**
     * The meter of a channel. Who opens a channel that is open already gets the same one; each has to close it.
     */
    public synchronized ChannelMeter open(Direction direction, String channel) {
        Key key = new Key(direction, channel);
        Entry entry = open.get(key);
        if (entry == null) {
            entry = new Entry(new ChannelMeter(direction, channel));
            open.put(key, entry);
            for (Listener listener : listeners) {
                listener.opened(entry.meter);
            }
        }
        entry.users++;
        return entry.meter;
    }

    /** The channel has ended for one of those who opened it; with the last of them its meter goes. */
    public synchronized void close(ChannelMeter meter) {
        Key key = new Key(meter.direction(), meter.channel());
        Entry entry = open.get(key);
        if (entry == null || entry.meter != meter || --entry.users > 0) {
            return;
        }
        open.remove(key);
        for (Listener listener : listeners) {
            listener.closed(meter);
        }
    }

    /** The end of the application is the end of its channels. */
    @PreDestroy
    synchronized void closeAll() {
        List<Entry> entries = List.copyOf(open.values());
        open.clear();
        for (Entry entry : entries) {
            listeners.forEach(listener -> listener.closed(entry.meter));
        }
    }

    /** The meters of the channels that are open now. */
    public synchronized List<ChannelMeter> all() {
        return open.values().stream().map(entry -> entry.meter).toList();
    }

    /** Tells the listener of every channel that is open now or will be. */
    public synchronized void listen(Listener listener) {
        listeners.add(listener);
        for (Entry entry : open.values()) {
            listener.opened(entry.meter);
        }
    }
}
