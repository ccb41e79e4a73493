// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.jboss.shrinkwrap.api.asset.StringAsset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class BadRecordsFileExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withApplicationRoot(jar -> jar.addAsResource(
                    new StringAsset("{\"value\": 1}\n{\"key\": \"EUR\", \"vlaue\": 1}\n"), "prices.jsonl"))
            .overrideConfigKey("quarkus.kaon.broker.topics.prices.records-file", "prices.jsonl")
            .assertException(failure -> assertThat(failure)
                    .hasMessageContaining("prices.jsonl:2: 'vlaue' is not known; a record has key, keyBase64, value"));

    @Test
    void shouldStopStartWithFileAndLine() {
        fail("The application must not start");
    }
}
