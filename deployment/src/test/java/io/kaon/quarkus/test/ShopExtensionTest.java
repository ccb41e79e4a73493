// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.kaon.quarkus.test.Shop.Order;
import io.kaon.quarkus.test.Shop.Parcel;
import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The example of docs/connector.md, as it stands there. It starts, works and ends without a warning. */
class ShopExtensionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(
                    jar -> jar.addClass(Shop.class).addAsResource("guide.properties", "application.properties"))
            .setLogRecordPredicate(record -> record.getLevel().intValue() >= Level.WARNING.intValue())
            .assertLogRecords(records ->
                    assertThat(records).extracting(LogRecord::getMessage).isEmpty());

    @Inject
    Shop shop;

    @Test
    void shouldShipWhatIsOrdered() {
        // When
        shop.order("Ada", new Order("plums", 3)).await().atMost(PATIENCE);

        // Then
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(shop.shipped()).containsExactly(new Parcel(List.of("3 × plums"))));
    }
}
