// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a broker is at a moment, for whoever decides whether to send clients to it or to start it anew.
 *
 * @param isServing clients can connect and are answered
 * @param loopSilenceMs for how many milliseconds an event loop has not run what it was given
 * @param canUseDirectory the data directory is there and may be written
 * @param canChangeMetadata the metadata journal has not failed
 * @param controllerId the broker that decides about metadata, if there is one
 * @param replicas what this broker holds
 */
public record BrokerHealth(
        boolean isServing,
        long loopSilenceMs,
        boolean canUseDirectory,
        boolean canChangeMetadata,
        OptionalInt controllerId,
        Replicas replicas) {
    /** An event loop that has not run a task for so long will hardly do so again. */
    public static final long MAX_LOOP_SILENCE_MS = 20_000;

    /** After {@link Broker#close()}. */
    public static final BrokerHealth CLOSED =
            new BrokerHealth(false, 0, true, true, OptionalInt.empty(), new Replicas(0, 0, 0));

    /**
     * The replicas on this broker.
     *
     * @param behind those that are not in sync with their leader
     * @param offline those whose log cannot be opened or has failed
     * @param recovering those that wait to be looked through after an end that was not clean; they are served on demand
     */
    public record Replicas(long behind, long offline, long recovering) {}

    /**
     * What only a new start can mend, each in one sentence; empty when there is nothing. A full disk is not among it, nor
     * is a partition that failed alone.
     */
    public List<String> whyNotAlive() {
        List<String> reasons = new ArrayList<>();
        if (this == CLOSED) {
            reasons.add("the broker is closed");
        }
        if (loopSilenceMs > MAX_LOOP_SILENCE_MS) {
            reasons.add("an event loop does not run: something blocks it, or it has ended");
        }
        if (!canUseDirectory) {
            reasons.add("the data directory is gone or cannot be written");
        }
        if (!canChangeMetadata) {
            reasons.add("the metadata journal has failed: topics and settings cannot be changed; the log says why");
        }
        return reasons;
    }

    /** Why clients should not be sent here now, each in one sentence; empty when they should. */
    public List<String> whyNotReady() {
        List<String> reasons = new ArrayList<>();
        if (!isServing) {
            reasons.add("the listeners do not serve");
        }
        if (controllerId.isEmpty()) {
            reasons.add("no controller is known");
        }
        if (replicas.behind > 0) {
            reasons.add(replicas.behind + " replicas of this broker are not in sync");
        }
        if (replicas.offline > 0) {
            reasons.add(replicas.offline + " partitions are offline: their files cannot be used; the log says why");
        }
        return reasons;
    }
}
