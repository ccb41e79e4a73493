// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector.client.consumer;

/** Follows what a consumer's group assigns to it. Owned by the thread that polls. */
sealed interface GroupConsumption permits ClassicConsumption, ModernConsumption {
    Subscription subscription();

    void subscribe(Subscription changed);

    /** Goes on with whatever the group asks for, without waiting for it. */
    void progress();

    /** Whether there is something to do that rings no bell. */
    boolean isUnsettled();

    /** Gives everything up, as before leaving. */
    void giveUp();
}
