// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.pause;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.helpers.Subscriptions;
import io.smallrye.mutiny.operators.AbstractMulti;
import io.smallrye.mutiny.subscription.MultiSubscriber;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A stream that asks its source for nothing while it is paused. What was asked for before still comes, so it is never
 * asked for much at a time: nothing waits in here, where its age would count and nobody could see it.
 */
public final class PausableStream<T> extends AbstractMulti<T> {
    /** How much of an unlimited request is passed on at once. */
    static final int MAX_ASKED = 32;

    private final Multi<T> source;
    private final ChannelPause pause;
    private final List<Link<T>> links = new CopyOnWriteArrayList<>();

    public PausableStream(Multi<T> source, ChannelPause pause) {
        this.source = source;
        this.pause = pause;
        pause.onChange(() -> links.forEach(Link::ask));
    }

    @Override
    public void subscribe(MultiSubscriber<? super T> subscriber) {
        Link<T> link = new Link<>(subscriber, pause, links);
        links.add(link);
        source.subscribe().withSubscriber(link);
    }

    /** Whether every subscriber waits for something that its source has not given yet. */
    public boolean isWaiting() {
        return !links.isEmpty() && links.stream().allMatch(Link::isWaiting);
    }

    /** How much the subscribers have got so far. */
    public long given() {
        return links.stream().mapToLong(link -> link.given.get()).sum();
    }

    /** Between one subscriber and the source. Any thread asks; one at a time is given something. */
    private static final class Link<T> implements MultiSubscriber<T>, Flow.Subscription {
        private final MultiSubscriber<? super T> subscriber;
        private final ChannelPause pause;
        private final Collection<Link<T>> links;
        /** What the subscriber wants and the source was not asked for. */
        private final AtomicLong wanted = new AtomicLong();
        /** What the source was asked for and has not given. */
        private final AtomicInteger asked = new AtomicInteger();

        private final AtomicLong given = new AtomicLong();
        private final AtomicInteger work = new AtomicInteger();
        private final AtomicBoolean hasEnded = new AtomicBoolean();
        private volatile Flow.Subscription upstream;

        Link(MultiSubscriber<? super T> subscriber, ChannelPause pause, Collection<Link<T>> links) {
            this.subscriber = subscriber;
            this.pause = pause;
            this.links = links;
        }

        boolean isWaiting() {
            return asked.get() > 0;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            upstream = subscription;
            subscriber.onSubscribe(this);
        }

        @Override
        public void request(long n) {
            if (n <= 0) {
                cancel();
                subscriber.onFailure(Subscriptions.getInvalidRequestException());
                return;
            }
            Subscriptions.add(wanted, n);
            ask();
        }

        /** Passes on what may be. A source that gives at once, inside of this, does not make the stack grow. */
        void ask() {
            if (upstream == null || work.getAndIncrement() != 0) {
                return;
            }
            int seen = 1;
            do {
                int more = portion();
                if (more > 0) {
                    asked.addAndGet(more);
                    upstream.request(more);
                }
                seen = work.addAndGet(-seen);
            } while (seen != 0);
        }

        private int portion() {
            if (pause.isPaused() || hasEnded.get()) {
                return 0;
            }
            int room = MAX_ASKED - asked.get();
            int portion = (int) Math.min(room, wanted.get());
            if (portion <= 0 || portion < wanted.get() && room < MAX_ASKED / 2) {
                return 0; // Of a large request, in halves: not one by one.
            }
            Subscriptions.produced(wanted, portion);
            return portion;
        }

        @Override
        public void onItem(T item) {
            asked.decrementAndGet();
            given.incrementAndGet();
            subscriber.onItem(item);
            if (wanted.get() > 0) {
                ask();
            }
        }

        @Override
        public void onFailure(Throwable failure) {
            end();
            subscriber.onFailure(failure);
        }

        @Override
        public void onCompletion() {
            end();
            subscriber.onCompletion();
        }

        @Override
        public void cancel() {
            end();
            upstream.cancel();
        }

        private void end() {
            hasEnded.set(true);
            links.remove(this);
        }
    }
}
