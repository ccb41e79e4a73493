// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import java.util.concurrent.Flow;
import org.eclipse.microprofile.reactive.messaging.Message;

/** Stands before SmallRye's sink and tells a meter which messages come and how they end. */
final class MeteredSubscriber implements Flow.Subscriber<Message<?>> {
    private final Flow.Subscriber<Message<?>> sink;
    private final ChannelMeter meter;

    MeteredSubscriber(Flow.Subscriber<Message<?>> sink, ChannelMeter meter) {
        this.sink = sink;
        this.meter = meter;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
        sink.onSubscribe(subscription);
    }

    @Override
    public void onNext(Message<?> message) {
        meter.accepted(1);
        sink.onNext(metered(message));
    }

    @Override
    public void onError(Throwable failure) {
        sink.onError(failure);
    }

    @Override
    public void onComplete() {
        sink.onComplete();
    }

    private <T> Message<T> metered(Message<T> message) {
        return message.withAckWithMetadata(metadata -> {
                    meter.sent(1);
                    return message.ack(metadata);
                })
                .withNackWithMetadata((reason, metadata) -> {
                    meter.sendFailed(1);
                    return message.nack(reason, metadata);
                });
    }
}
