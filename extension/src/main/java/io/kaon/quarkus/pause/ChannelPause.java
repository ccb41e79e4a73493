// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.pause;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether an incoming channel gives records to the application now. Any thread asks and changes it; a pipeline asks for
 * every record, so that is one volatile read.
 */
public final class ChannelPause {
    private final String channel;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean isPaused;

    ChannelPause(String channel) {
        this.channel = Objects.requireNonNull(channel);
    }

    /** One that belongs to no channel which anybody could pause. */
    public static ChannelPause never() {
        return new ChannelPause("");
    }

    /** The name of the channel. */
    public String channel() {
        return channel;
    }

    /** Whether the channel gives no records at the moment. */
    public boolean isPaused() {
        return isPaused;
    }

    /** Is called after each change, on the thread that made it; it must not block. */
    public void onChange(Runnable listener) {
        listeners.add(Objects.requireNonNull(listener));
    }

    void pause() {
        change(true);
    }

    void resume() {
        change(false);
    }

    private void change(boolean paused) {
        synchronized (this) {
            if (isPaused == paused) {
                return;
            }
            isPaused = paused;
        }
        listeners.forEach(Runnable::run); // They look at what holds now: two changes at once end alike for all.
    }
}
