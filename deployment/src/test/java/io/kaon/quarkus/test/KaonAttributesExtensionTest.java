// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.QuarkusUnitTest;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Embedded. What is asked for in vain is said once a channel, by name; what does no harm is not. */
class KaonAttributesExtensionTest extends AbstractAttributesTest {
    private static final String IN_VAIN =
            """
            mp.messaging.incoming."dotted.in".metric.reporters=org.acme.Reporter
            mp.messaging.incoming."dotted.in".receive.buffer.bytes=4096
            """;

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar ->
                    jar.addClasses(CLASSES).addAsResource(new StringAsset(CONFIG + IN_VAIN), "application.properties"))
            .setLogRecordPredicate(record -> record.getLevel().intValue() >= Level.WARNING.intValue())
            .assertLogRecords(records -> assertThat(records)
                    .extracting(LogRecord::getMessage)
                    .filteredOn(message -> message.contains("without a socket"))
                    .singleElement()
                    .asString()
                    .startsWith("The channel 'dotted.in'")
                    .contains("metric.reporters", "set mp.messaging.incoming.\"dotted.in\".bootstrap.servers")
                    .doesNotContain("receive.buffer.bytes"));
}
