// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.Feature;
import io.kaon.server.Operation;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.UpdateFeaturesRequest;
import io.kaon.wire.message.UpdateFeaturesRequest.FeatureUpdateKey;
import io.kaon.wire.message.UpdateFeaturesResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** UpdateFeatures, and what ApiVersions says afterwards. */
class FeatureApisTest {
    private static final byte SAFE_DOWNGRADE = 2;

    @TempDir
    Path data;

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldTellClientsOfChangedLevels(int version) {
        try (TestBroker broker = new TestBroker(data)) {
            // Given
            ApiVersionsResponse before = broker.call(ApiKey.API_VERSIONS, 4, software());

            // When
            UpdateFeaturesResponse updated =
                    broker.call(ApiKey.UPDATE_FEATURES, version, downgrade(Feature.TRANSACTION_VERSION, 1));

            // Then
            ApiVersionsResponse after = broker.call(ApiKey.API_VERSIONS, 4, software());
            assertThat(updated.errorCode()).isZero();
            assertThat(level(before, Feature.TRANSACTION_VERSION)).isEqualTo((short) 2);
            assertThat(level(after, Feature.TRANSACTION_VERSION)).isEqualTo((short) 1);
            assertThat(after.finalizedFeaturesEpoch()).isGreaterThan(before.finalizedFeaturesEpoch());
        }
    }

    @Test
    void shouldRememberLevelsOverARestart() {
        // Given
        try (TestBroker broker = new TestBroker(data)) {
            broker.call(ApiKey.UPDATE_FEATURES, 2, downgrade(Feature.GROUP_VERSION, 0));
        }

        // When
        try (TestBroker restarted = new TestBroker(data)) {
            ApiVersionsResponse response = restarted.call(ApiKey.API_VERSIONS, 4, software());

            // Then
            assertThat(level(response, Feature.GROUP_VERSION)).isZero();
            assertThat(level(response, Feature.TRANSACTION_VERSION)).isEqualTo((short) 2);
        }
    }

    @Test
    void shouldOnlyLetThoseWhoMayAlterTheClusterDoIt() {
        try (TestBroker broker =
                new TestBroker(data, Map.of(), (principal, operation, resource) -> operation != Operation.ALTER)) {
            // When
            UpdateFeaturesResponse response =
                    broker.call(ApiKey.UPDATE_FEATURES, 2, downgrade(Feature.GROUP_VERSION, 0));

            // Then
            assertThat(response.errorCode()).isEqualTo(ErrorCode.CLUSTER_AUTHORIZATION_FAILED.code());
            assertThat(Feature.GROUP_VERSION.levelIn(broker.images.current())).isEqualTo((short) 1);
        }
    }

    private static UpdateFeaturesRequest downgrade(Feature feature, int level) {
        UpdateFeaturesRequest request = new UpdateFeaturesRequest();
        request.featureUpdates()
                .add(new FeatureUpdateKey()
                        .setFeature(feature.featureName())
                        .setMaxVersionLevel((short) level)
                        .setUpgradeType(SAFE_DOWNGRADE));
        return request;
    }

    private static ApiVersionsRequest software() {
        return new ApiVersionsRequest().setClientSoftwareName("test").setClientSoftwareVersion("1");
    }

    private static short level(ApiVersionsResponse response, Feature feature) {
        return response.finalizedFeatures().stream()
                .filter(it -> it.name().equals(feature.featureName()))
                .map(ApiVersionsResponse.FinalizedFeatureKey::maxVersionLevel)
                .findFirst()
                .orElse(Feature.OFF);
    }
}
