// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import java.nio.file.Path;
import java.time.Duration;

/** An application in another process that says it runs the shared broker, until it is killed. */
final class SharedBrokerProcess {
    private SharedBrokerProcess() {}

    /** @param arguments the folder, and the address to register */
    public static void main(String[] arguments) throws Exception {
        SharedBroker application = new SharedBroker(Path.of(arguments[0]), "name", Duration.ofSeconds(30));
        if (application.join().isEmpty()) {
            application.register(arguments[1]);
            System.out.println("registered");
        }
        Thread.currentThread().join();
    }
}
