// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.kaon.quarkus.connector.incoming.RecordEmission.Gate;
import io.kaon.quarkus.connector.incoming.RecordEmission.Upstream;
import io.kaon.quarkus.pause.ChannelPause;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What one consumer reads, as a stream that one subscriber may have. It polls from the first request on.
 *
 * @param <T> what waits until it is asked for: a record, or a poll's worth of them
 * @param <M> what the subscriber gets of it
 */
final class EmbeddedStream<T, M> extends AbstractMulti<M> {
    private final WaitingRecords<T> waiting;
    private final Gate<T, M> gate;
    private final EmissionTurn turn;
    private final Upstream upstream;
    private final ChannelPause pause;
    private final AtomicReference<RecordEmission<T, M>> emission = new AtomicReference<>();

    EmbeddedStream(
            WaitingRecords<T> waiting, Gate<T, M> gate, EmissionTurn turn, Upstream upstream, ChannelPause pause) {
        this.waiting = waiting;
        this.gate = gate;
        this.turn = turn;
        this.upstream = upstream;
        this.pause = pause;
        pause.onChange(this::go);
    }

    @Override
    public void subscribe(MultiSubscriber<? super M> subscriber) {
        RecordEmission<T, M> mine = new RecordEmission<>(waiting, gate, turn, upstream, pause, subscriber);
        if (emission.compareAndSet(null, mine)) {
            subscriber.onSubscribe(mine);
        } else {
            Subscriptions.fail(
                    subscriber,
                    new IllegalStateException("The channel has a subscriber: set broadcast=true for several"));
        }
    }

    /** Something waits. Any thread. */
    void go() {
        RecordEmission<T, M> current = emission.get();
        if (current != null) {
            current.go();
        }
    }

    /** Nothing more comes. Any thread. */
    void fail(Throwable failure) {
        RecordEmission<T, M> current = emission.get();
        if (current != null) {
            current.fail(failure);
        }
    }
}
