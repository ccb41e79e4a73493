// SPDX-License-Identifier: Apache-2.0
package io.kaon.console;

import io.quarkus.test.QuarkusDevModeTest;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console of an application in dev mode: at /kaon, and as pages of Dev UI. */
class ConsoleDevModeTest {
    private static final Pattern LISTENING = Pattern.compile("http://localhost:[1-9][0-9]*");

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
                            "application.properties"))
            .setLogRecordPredicate(record -> "io.quarkus".equals(record.getLoggerName()));

    @TestFactory
    Stream<DynamicTest> shouldShowAndSteerTheBroker() {
        return Browser.scenarios("console.mjs", address());
    }

    @TestFactory
    Stream<DynamicTest> shouldBePartOfDevUi() {
        return Browser.scenarios("dev-ui.mjs", address());
    }

    /** From the line that tells of the start: the port is one of the system's choice. */
    private static String address() {
        return dev.getLogRecords().stream()
                        .map(record -> LISTENING.matcher(record.getMessage() + Arrays.toString(record.getParameters())))
                        .filter(Matcher::find)
                        .map(Matcher::group)
                        .findFirst()
                        .orElseThrow()
                + "/";
    }
}
