// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ConnectionQuotaTest {
    private final ConnectionQuota quota =
            new ConnectionQuota(new NetworkOptions.ConnectionLimits(3, 2, Duration.ofMinutes(1)));

    @Test
    void shouldCountByAddressAndAllTogether() throws Exception {
        // Given
        InetAddress a = InetAddress.getByName("10.0.0.1");
        InetAddress b = InetAddress.getByName("10.0.0.2");
        assertThat(quota.enter(a)).isEmpty();
        assertThat(quota.enter(a)).isEmpty();
        // When // Then
        assertThat(quota.enter(a)).contains("max.connections.per.ip");
        assertThat(quota.enter(b)).isEmpty();
        assertThat(quota.enter(b)).contains("max.connections is 3");
        quota.leave(a);
        assertThat(quota.open()).isEqualTo(2);
        assertThat(quota.enter(a)).isEmpty();
    }
}
