// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.wire.message.ApiKey;
import org.junit.jupiter.api.Test;

class ApiTableTest {
    private final ApiTable table = ApiTable.standard();

    @Test
    void shouldServeProduceAndFetchFromZero() {
        assertThat(table.serves(ApiKey.PRODUCE, (short) 0)).isTrue();
        assertThat(table.serves(ApiKey.PRODUCE, (short) 13)).isTrue();
        assertThat(table.serves(ApiKey.PRODUCE, (short) 14)).isFalse();
        assertThat(table.serves(ApiKey.FETCH, (short) 0)).isTrue();
    }

    @Test
    void shouldServeNoVersionThatKafkaFourHasGivenUpWhenSwitchedOff() {
        // When
        ApiTable modern = table.withoutLegacyProtocol();

        // Then
        assertThat(modern.find(ApiKey.PRODUCE).orElseThrow().oldestVersion()).isEqualTo((short) 3);
        assertThat(modern.serves(ApiKey.PRODUCE, (short) 2)).isFalse();
        assertThat(modern.serves(ApiKey.FETCH, (short) 3)).isFalse();
        assertThat(modern.serves(ApiKey.FETCH, (short) 4)).isTrue();
        assertThat(modern.serves(ApiKey.LIST_OFFSETS, (short) 0)).isFalse();
        assertThat(modern.serves(ApiKey.OFFSET_COMMIT, (short) 1)).isFalse();
        assertThat(modern.serves(ApiKey.METADATA, (short) 0)).isTrue();
        assertThat(modern.serves(ApiKey.JOIN_GROUP, (short) 0)).isTrue();
        assertThat(modern.all()).hasSameSizeAs(table.all());
    }

    @Test
    void shouldNotAdvertiseTheUnstableInitProducerId() {
        assertThat(table.find(ApiKey.INIT_PRODUCER_ID).orElseThrow().newestVersion())
                .isEqualTo((short) 5);
    }

    @Test
    void shouldNotAdvertiseWhatIsNotBuilt() {
        assertThat(table.find(ApiKey.CREATE_ACLS)).isEmpty();
        assertThat(table.find(ApiKey.SASL_HANDSHAKE)).isEmpty();
        assertThat(table.find(ApiKey.SHARE_GROUP_HEARTBEAT)).isEmpty();
    }

    @Test
    void shouldGiveEveryApiItsWholeRange() {
        assertThat(table.all()).allSatisfy(api -> assertThat(api.oldestVersion())
                .isEqualTo(api.key().oldestVersion()));
    }
}
