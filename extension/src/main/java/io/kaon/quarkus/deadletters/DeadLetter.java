// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deadletters;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record in a dead letter topic, or in a topic where it waits to be tried again.
 *
 * @param record as it stands there
 * @param isReplayed whether it was sent back to where it came from
 */
public record DeadLetter(ConsumerRecord<byte[], byte[]> record, Failure failure, boolean isReplayed) {
    public DeadLetter {
        Objects.requireNonNull(record);
        Objects.requireNonNull(failure);
    }
}
