// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus;

import io.quarkus.bootstrap.classloading.QuarkusClassLoader;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Runs a task when dev mode ends, not when it reloads: the class loader of the extension is closed then. In a class of
 * its own because a packaged application has no {@link QuarkusClassLoader}.
 */
final class DevModeEnd {
    private static final AtomicBoolean REGISTERED = new AtomicBoolean();

    private DevModeEnd() {}

    /** Registers the task once for the life of this class loader. */
    static void run(Runnable task) {
        if (DevModeEnd.class.getClassLoader() instanceof QuarkusClassLoader loader
                && REGISTERED.compareAndSet(false, true)) {
            loader.addCloseTask(task);
        }
    }
}
