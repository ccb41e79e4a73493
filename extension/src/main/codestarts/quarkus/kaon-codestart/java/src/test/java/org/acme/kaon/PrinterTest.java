package org.acme.kaon;

import static org.awaitility.Awaitility.await;

import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
class PrinterTest {

    @Inject
    Printer printer;

    @Test
    void shouldPrintEachTick() {
        await().atMost(Duration.ofSeconds(30)).until(() -> printer.printed().size() >= 2);
    }
}
