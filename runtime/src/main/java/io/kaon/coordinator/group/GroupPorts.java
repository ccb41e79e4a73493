// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordinator.group;

import io.kaon.coordinator.group.consumer.ConsumerGroupPorts;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What the group coordinator asks of the rest of the broker.
 *
 * @param randomIds for member ids
 * @param transactions whether a producer's transaction is what it says
 * @param consumers what groups of the consumer protocol need
 */
public record GroupPorts(Supplier<UUID> randomIds, TransactionVerifier transactions, ConsumerGroupPorts consumers) {
    /** Consumer groups without topics and with Kafka's defaults. */
    public GroupPorts(Supplier<UUID> randomIds, TransactionVerifier transactions) {
        this(randomIds, transactions, ConsumerGroupPorts.DETACHED);
    }

    /** With nobody to ask about transactions. */
    public static GroupPorts of(Supplier<UUID> randomIds) {
        return new GroupPorts(randomIds, TransactionVerifier.TRUSTING);
    }
}
