// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.controller.Controller;
import io.kaon.network.InJvmCaller;
import io.kaon.network.NetworkServer;
import io.kaon.network.RequestPort;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.server.FetchSessionSlots;
import io.kaon.server.Listener;
import io.kaon.storage.LogDirectory;
import io.kaon.telemetry.LongWork;
import io.vertx.core.Vertx;
import java.util.List;

/**
 * What a running broker consists of, and the order in which it ends.
 *
 * @param data the folder that everything lies in
 * @param brokerEpoch the epoch of this life, which the clean-shutdown marker names
 */
record BrokerParts(
        DataFolder data,
        Threads threads,
        Storage storage,
        Controller controller,
        long brokerEpoch,
        Coordinators coordinators,
        NetworkServer network,
        Clients clients) {

    /** The data directory, what opens partitions in it that no client asks for, and what reads compressed batches. */
    record Storage(LogDirectory logs, Upkeep upkeep, StandardCodecs codecs, LongWork longWork) {}

    /**
     * How clients reach the broker, and whether they can.
     *
     * @param listeners where it listens
     * @param advertised what clients are told, in the same order
     */
    record Clients(
            Vertx vertx,
            RequestPort router,
            FetchSessionSlots sessions,
            List<Endpoint> listeners,
            List<Endpoint> advertised,
            TestSeam testSeam,
            HealthLook health) {}

    LogDirectory logs() {
        return storage.logs();
    }

    LongWork longWork() {
        return storage.longWork();
    }

    List<Endpoint> listeners() {
        return clients.listeners();
    }

    List<Endpoint> advertised() {
        return clients.advertised();
    }

    InJvmCaller connect(String clientId) {
        Endpoint first = clients.advertised().get(0);
        Listener listener = new Listener(first.name(), first.host(), first.port());
        return new InJvmCaller(
                clients.vertx(),
                clients.router(),
                new InJvmCaller.Options(clientId, listener, clients.sessions(), InJvmCaller.Options.DEFAULT_MAX_CALLS));
    }

    /**
     * Ends everything, each step bounded in time: no more groups and transactions, no more requests, no more decisions, logs to disk,
     * the marker last.
     */
    void close(long seconds) {
        storage.upkeep().stop();
        clients.testSeam().close();
        // First those answers that wait for other members, or the listeners would wait for them.
        coordinators.close();
        Waiting.quietly("the listeners", network.close(), seconds);
        Waiting.quietly("the metadata journal", controller.close(), seconds);
        Waiting.quietly("the data directory", storage.logs().close(brokerEpoch), seconds);
        threads.close();
        storage.codecs().close();
        data.release();
    }
}
