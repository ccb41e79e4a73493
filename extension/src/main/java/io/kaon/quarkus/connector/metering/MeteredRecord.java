// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.metering;

import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.reactive.messaging.Metadata;

/**
 * A record of SmallRye's pipeline that tells a meter how it ends; still one of its type, because methods may ask for
 * that.
 */
final class MeteredRecord<K, V> extends IncomingKafkaRecord<K, V> {
    private final ChannelMeter meter;
    /** A failure strategy may acknowledge what it has dealt with: that is not the application's doing. */
    private final AtomicBoolean ended = new AtomicBoolean();

    MeteredRecord(IncomingKafkaRecord<K, V> record, ChannelMeter meter) {
        super(record);
        this.meter = meter;
    }

    @Override
    public CompletionStage<Void> ack(Metadata metadata) {
        if (ended.compareAndSet(false, true)) {
            meter.acknowledged(1);
        }
        return super.ack(metadata);
    }

    @Override
    public CompletionStage<Void> nack(Throwable reason, Metadata metadata) {
        if (ended.compareAndSet(false, true)) {
            meter.failed(1);
        }
        return super.nack(reason, metadata);
    }
}
