// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.message.ApiKey;
import org.junit.jupiter.api.Test;

class ApiTableTest {
    private final ApiTable table = ApiTable.standard();

    @Test
    void shouldAdvertiseProduceFromZeroButServeItFromThree() {
        // Given
        ApiTable.Api produce = table.find(ApiKey.PRODUCE).orElseThrow();

        // When
        boolean serves = table.serves(ApiKey.PRODUCE, (short) 2);

        // Then
        assertThat(serves).isFalse();
        assertThat(produce.oldestVersion()).isZero();
        assertThat(produce.newestVersion()).isEqualTo((short) 13);
        assertThat(table.serves(ApiKey.PRODUCE, (short) 3)).isTrue();
    }

    @Test
    void shouldAdvertiseFetchFromFour() {
        assertThat(table.find(ApiKey.FETCH).orElseThrow().oldestVersion()).isEqualTo((short) 4);
        assertThat(table.serves(ApiKey.FETCH, (short) 3)).isFalse();
    }

    @Test
    void shouldNotAdvertiseTheUnstableInitProducerId() {
        assertThat(table.find(ApiKey.INIT_PRODUCER_ID).orElseThrow().newestVersion())
                .isEqualTo((short) 5);
    }

    @Test
    void shouldNotAdvertiseWhatIsNotBuilt() {
        assertThat(table.find(ApiKey.END_TXN)).isEmpty();
        assertThat(table.find(ApiKey.CREATE_ACLS)).isEmpty();
        assertThat(table.find(ApiKey.SASL_HANDSHAKE)).isEmpty();
        assertThat(table.find(ApiKey.CONSUMER_GROUP_HEARTBEAT)).isEmpty();
    }

    @Test
    void shouldGiveEveryOtherApiItsWholeRange() {
        assertThat(table.all())
                .filteredOn(api -> api.key() != ApiKey.FETCH && api.key() != ApiKey.PRODUCE)
                .allSatisfy(api -> {
                    assertThat(api.oldestVersion()).isEqualTo(api.key().oldestVersion());
                    assertThat(api.oldestServed()).isEqualTo(api.key().oldestVersion());
                });
    }
}
