// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.testing.ConsumerGroup;
import io.kaon.testing.Fault;
import io.kaon.testing.Faults;
import io.kaon.testing.KaonClient;
import io.kaon.testing.Reset;
import io.kaon.testing.TopicReader;
import io.kaon.wire.message.ApiKey;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@KaonTest(reset = Reset.TOPICS)
class KaonTestTest {
    private static final String GROUP = "shop";

    @Inject
    KaonClient injected;

    KaonClient kaon;
    Faults faults;

    private TopicReader<String, String> receipts;

    @BeforeEach
    void read() {
        kaon.group(GROUP).awaitStable();
        receipts = kaon.consume("receipts");
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "second", "third"})
    void shouldSeeOnlyWhatItCausedItself(String order) {
        // Given
        assertThat(receipts.readAll()).isEmpty();

        // When
        kaon.produce("orders", order);

        // Then
        assertThat(receipts.awaitValues(1)).containsExactly("receipt of " + order);
        kaon.group(GROUP).awaitCaughtUp("orders");
    }

    @Test
    void shouldInjectOneClientEverywhere(KaonClient parameter) {
        assertThat(parameter).isSameAs(kaon).isSameAs(injected);
    }

    @Test
    void shouldFailWhatTheChannelSends() {
        // Given
        Fault fault =
                faults.next(2).requests(ApiKey.PRODUCE).forTopic("receipts").failWith(ErrorCode.NOT_ENOUGH_REPLICAS);

        // When
        kaon.produce("orders", "order");

        // Then
        assertThat(receipts.awaitValues(1)).containsExactly("receipt of order");
        fault.awaitSpent();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLetTheChannelsOutliveTheEndOfConnections(boolean isHandled) {
        // Given
        var requests = faults.next(1).requests(ApiKey.FETCH).forTopic("orders");
        Fault fault = isHandled ? requests.dropResponse() : requests.disconnect();

        // When
        kaon.produce("orders", "order");

        // Then
        assertThat(receipts.awaitValues(1)).containsExactly("receipt of order");
        fault.awaitSpent();
    }

    @Test
    void shouldComeBackWhenTheBrokerWasDown() {
        // Given
        Fault down = faults.refuseConnections();

        // When
        kaon.produce("orders", "order");
        down.awaitHits(3);

        // Then
        assertThat(receipts.readAll()).isEmpty();
        down.clear();
        assertThat(receipts.awaitValues(1)).containsExactly("receipt of order");
    }

    @Test
    void shouldThrowTheApplicationOutOfItsGroup() {
        // When
        faults.kickAll(GROUP);

        // Then
        ConsumerGroup group = kaon.group(GROUP);
        kaon.produce("orders", "order");
        assertThat(receipts.awaitRecord(receipt -> receipt.value().equals("receipt of order"))
                        .value())
                .isEqualTo("receipt of order");
        group.awaitStable();
    }

    @Nested
    class InsideTest {
        KaonClient inner;

        @Test
        void shouldHaveWhatTheOuterClassHas(Faults parameter) {
            assertThat(inner).isSameAs(kaon);
            assertThat(parameter).isSameAs(faults);
            assertThat(receipts.readAll()).isEmpty();
        }
    }
}
