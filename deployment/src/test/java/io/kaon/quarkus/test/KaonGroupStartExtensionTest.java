// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** All channels of an application come to one group, one by one, and each gets its topic. How soon is not tested. */
class KaonGroupStartExtensionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClass(EightChannelsApplication.class)
                    .addAsResource(new StringAsset(config()), "application.properties"));

    @Inject
    EightChannelsApplication app;

    private static String config() {
        return IntStream.range(0, EightChannelsApplication.CHANNELS)
                .mapToObj(number ->
                        """
                        mp.messaging.incoming.c%1$d.topic=eighth-%1$d
                        mp.messaging.incoming.c%1$d.auto.offset.reset=earliest
                        """
                                .formatted(number))
                .collect(Collectors.joining());
    }

    @Test
    void shouldReadFromAllChannels() {
        await().atMost(PATIENCE).until(() -> app.arrivals.size() == EightChannelsApplication.CHANNELS);
    }
}
