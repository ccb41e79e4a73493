// SPDX-License-Identifier: Apache-2.0
package io.kaon.console;

import io.quarkus.test.QuarkusDevModeTest;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The console of an application in dev mode: at /kaon, and as pages of Dev UI. */
class ConsoleDevModeTest {
    private static final Pattern LISTENING = Pattern.compile("http://localhost:[1-9][0-9]*");
    private static final Pattern BOOTSTRAP = Pattern.compile("(?<=PLAINTEXT://)localhost:[1-9][0-9]*");

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
            .setLogRecordPredicate(
                    record -> Set.of("io.quarkus", "io.kaon.broker.Broker").contains(record.getLoggerName()));

    @TestFactory
    Stream<DynamicTest> shouldShowAndSteerTheBroker() throws Exception {
        makeGroupsWithoutMembers();
        return Stream.concat(Browser.scenarios("dev-ui.mjs", address()), Browser.scenarios("console.mjs", address()));
    }

    /** Their members have left; what they committed is there. */
    private static void makeGroupsWithoutMembers() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", found(BOOTSTRAP)))) {
            for (int group = 0; group < 3; group++) {
                admin.alterConsumerGroupOffsets(
                                "browser-" + group, Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(1)))
                        .all()
                        .get(30, TimeUnit.SECONDS);
            }
        }
    }

    private static String address() {
        return found(LISTENING) + "/";
    }

    /** From the lines that tell of the start: ports are of the system's choice. */
    private static String found(Pattern wanted) {
        return dev.getLogRecords().stream()
                .map(record -> wanted.matcher(record.getMessage() + Arrays.toString(record.getParameters())))
                .filter(Matcher::find)
                .map(Matcher::group)
                .findFirst()
                .orElseThrow();
    }
}
