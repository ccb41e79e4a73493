// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TcpOnlyTest {
    @ParameterizedTest
    @CsvSource({"group.protocol, consumer"})
    void shouldNameWhatConsumerWithoutSocketDoesNotOffer(String name, String value) {
        assertThat(TcpOnly.forConsumer(Map.of(name, value))).contains(name);
    }

    @ParameterizedTest
    @CsvSource({
        "enable.auto.commit, true",
        "auto.offset.reset, by_duration:PT1H",
        "interceptor.classes, some.Interceptor",
        "isolation.level, read_committed",
        "group.protocol, classic"
    })
    void shouldServeWithoutSocket(String name, String value) {
        assertThat(TcpOnly.forConsumer(Map.of(name, value))).isEmpty();
    }
}
