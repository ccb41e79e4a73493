// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.kaon.broker.Broker;
import io.kaon.broker.BrokerOptions;
import io.kaon.broker.DataDirectory;
import io.quarkus.test.QuarkusUnitTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class LockedDataExtensionTest {
    private static final Path DATA = directory();

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.kaon.broker.data-dir", DATA.toString())
            .setBeforeAllCustomizer(LockedDataExtensionTest::lock)
            .setAfterAllCustomizer(LockedDataExtensionTest::unlock)
            .assertException(failure -> assertThat(failure)
                    .hasMessageContaining("quarkus.kaon.broker.data-dir")
                    .hasMessageContaining(DATA.toString()));

    private static Broker owner;

    private static Path directory() {
        try {
            return Files.createTempDirectory("kaon-locked");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void lock() {
        owner = Broker.start(BrokerOptions.embedded().withData(DataDirectory.at(DATA)));
    }

    private static void unlock() {
        owner.close();
    }

    @Test
    void shouldStopStartWhenDataDirectoryIsInUse() {
        fail("The application must not start");
    }
}
