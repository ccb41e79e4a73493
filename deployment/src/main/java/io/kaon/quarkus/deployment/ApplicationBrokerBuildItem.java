// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import io.quarkus.builder.item.SimpleBuildItem;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Knows whether the application that is built will also run in this process, with its broker. Dev services of
 * {@code @QuarkusIntegrationTest} are built without the application: the step that would start the broker does not run
 * then, and the dev service, which is started after all steps, has to bring one.
 */
public final class ApplicationBrokerBuildItem extends SimpleBuildItem {
    private final AtomicBoolean startsHere = new AtomicBoolean();

    void willStartHere() {
        startsHere.set(true);
    }

    boolean startsHere() {
        return startsHere.get();
    }
}
