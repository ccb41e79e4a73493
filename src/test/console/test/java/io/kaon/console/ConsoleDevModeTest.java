// SPDX-License-Identifier: Apache-2.0
package io.kaon.console;

import io.quarkus.test.QuarkusDevModeTest;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console of an application in dev mode: at /kaon, and as pages of Dev UI. */
class ConsoleDevModeTest {
    @RegisterExtension
    static final QuarkusDevModeTest dev = new QuarkusDevModeTest()
            .withApplicationRoot(jar -> jar.addClass(ShopApplication.class)
                    .addAsResource(
                            new StringAsset(String.join(
                                    "\n",
                                    "quarkus.application.name=shop",
                                    "quarkus.http.port=0",
                                    "mp.messaging.outgoing.orders-out.topic=orders",
                                    "mp.messaging.incoming.orders-in.topic=orders",
                                    "mp.messaging.incoming.orders-in.failure-strategy=dead-letter-queue",
                                    "mp.messaging.outgoing.bills-out.topic=bills",
                                    "mp.messaging.incoming.bills-in.topic=bills")),
                            "application.properties"));

    @TestFactory
    Stream<DynamicTest> shouldShowAndSteerTheBroker() {
        return Browser.scenarios("console.mjs", address());
    }

    @TestFactory
    Stream<DynamicTest> shouldBePartOfDevUi() {
        return Browser.scenarios("dev-ui.mjs", address());
    }

    /** Dev mode tells the port that the system chose under the name of the setting. */
    private static String address() {
        return "http://localhost:" + System.getProperty("quarkus.http.port") + "/";
    }
}
