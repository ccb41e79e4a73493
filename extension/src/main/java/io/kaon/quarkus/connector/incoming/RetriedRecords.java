// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.incoming;

import io.smallrye.mutiny.Multi;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;

/** A failure handler that gives records to the channel once more, as SmallRye's delayed retry does. */
public interface RetriedRecords {
    /** Asked once, when the channel is built. */
    Multi<? extends IncomingKafkaRecord<?, ?>> retryStream();
}
