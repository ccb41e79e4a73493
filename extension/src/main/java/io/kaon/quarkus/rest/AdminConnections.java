// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.rest;

import io.kaon.quarkus.EmbeddedBroker;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.Executor;

/** The way to the broker as a bean: groups of operations inject {@link AdminConnection}. */
@Singleton
public class AdminConnections {
    /** Answers of the broker are turned into JSON here, and requests into questions: away from the event loops. */
    private static final int WORKERS = 4;

    private final WorkerExecutor workers;
    private final AdminConnection connection;

    AdminConnections(Vertx vertx, EmbeddedBroker embedded) {
        this.workers = vertx.createSharedWorkerExecutor("kaon-rest", WORKERS);
        Executor executor = task -> workers.executeBlocking(
                () -> {
                    task.run();
                    return null;
                },
                false);
        this.connection = new AdminConnection(embedded::broker, executor);
    }

    @Produces
    @Singleton
    AdminConnection connection() {
        return connection;
    }

    @PreDestroy
    void close() {
        connection.close();
        workers.close();
    }
}
