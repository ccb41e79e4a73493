// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.QuarkusUnitTest;
import jakarta.inject.Inject;
import java.time.Duration;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SeededTopicExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addClass(SeedApplication.class)
                    .addAsResource(
                            new StringAsset(
                                    """
                                    # what a new application finds
                                    {"key": "EUR", "value": {"rate": 1.08}}
                                    {"key": "USD", "value": "1"}
                                    {"keyBase64": "REVN", "value": 2}
                                    """),
                            "seed/prices.jsonl"))
            .overrideConfigKey("quarkus.kaon.broker.topics.prices.records-file", "seed/prices.jsonl")
            .overrideConfigKey("mp.messaging.incoming.prices.auto.offset.reset", "earliest");

    @Inject
    SeedApplication prices;

    @Test
    void shouldFindTheRecordsOfTheFile() {
        await().atMost(Duration.ofSeconds(30)).until(() -> prices.seen().size() >= 3);
        assertThat(prices.seen()).containsExactly("EUR={\"rate\": 1.08}", "USD=1", "DEM=2");
    }
}
