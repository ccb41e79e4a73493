// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import io.kaon.testing.Faults;
import io.kaon.testing.KaonClient;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The test client and the faults as beans, for {@code @Inject} in classes with {@code @QuarkusTest}. */
@Singleton
public class KaonTestBeans {
    private static final int EARLY = 1;

    @Produces
    @Dependent
    KaonClient client() {
        return ApplicationBroker.current().client();
    }

    @Produces
    @Dependent
    Faults faults() {
        return ApplicationBroker.current().faults();
    }

    /** Before the channels end: faults must not keep them. */
    void onStop(@Observes @Priority(EARLY) ShutdownEvent event) {
        ApplicationBroker.end();
    }
}
