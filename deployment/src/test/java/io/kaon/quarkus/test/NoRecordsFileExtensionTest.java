// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quarkus.test.QuarkusUnitTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class NoRecordsFileExtensionTest {
    @RegisterExtension
    static final QuarkusUnitTest application = new QuarkusUnitTest()
            .withEmptyApplication()
            .overrideConfigKey("quarkus.kaon.broker.topics.prices.records-file", "pirces.jsonl")
            .assertException(failure -> assertThat(failure)
                    .hasMessageContaining("quarkus.kaon.broker.topics.\"prices\".records-file")
                    .hasMessageContaining("'pirces.jsonl', neither on the class path nor at "));

    @Test
    void shouldStopStartAndNameTheKey() {
        fail("The application must not start");
    }
}
