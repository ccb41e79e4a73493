// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.ImageChange;
import io.kaon.metadata.MetadataImages;
import io.kaon.server.ApiTable;
import io.kaon.server.Contexts;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.ApiVersionsResponse.ApiVersion;
import io.kaon.wire.message.ApiVersionsResponse.FinalizedFeatureKey;
import io.kaon.wire.state.ClusterRecord;
import io.kaon.wire.state.FeatureLevelRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionsHandlerTest {
    private static final long OFFSET = 17;

    private final ApiTable table = ApiTable.standard();
    private final ApiVersionsHandler handler = new ApiVersionsHandler(table, 7, images());

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void shouldListEveryApiOfTheTable(int version) {
        // Given
        ApiVersionsRequest request = request("apache-kafka-java", "4.4.0");

        // When
        ApiVersionsResponse response = handle(version, request);

        // Then
        assertThat(response.errorCode()).isZero();
        assertThat(response.apiKeys()).hasSize(table.all().size());
        assertThat(response.apiKeys())
                .filteredOn(api -> api.apiKey() == ApiKey.PRODUCE.id())
                .extracting(ApiVersion::minVersion)
                .containsExactly((short) 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void shouldNotNameFeaturesBeforeVersionThree(int version) {
        // When
        ApiVersionsResponse response = handle(version, request("kafka", "2.3.0"));

        // Then
        assertThat(response.finalizedFeatures()).isEmpty();
        assertThat(response.supportedFeatures()).isEmpty();
        assertThat(response.finalizedFeaturesEpoch()).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4, 5})
    void shouldNameTheLevelsOnWhichTheClusterAgreed(int version) {
        // When
        ApiVersionsResponse response = handle(version, request("kafka", "4.4.0"));

        // Then
        assertThat(response.finalizedFeatures())
                .containsExactly(new FinalizedFeatureKey()
                        .setName("transaction.version")
                        .setMinVersionLevel((short) 2)
                        .setMaxVersionLevel((short) 2));
        assertThat(response.finalizedFeaturesEpoch()).isEqualTo(OFFSET);
        assertThat(response.zkMigrationReady()).isFalse();
    }

    /** KIP-1022: older clients do not understand that a feature can be at level 0. */
    @ParameterizedTest
    @CsvSource({"3, 0", "4, 2", "5, 2"})
    void shouldHideFeaturesWithLevelZeroFromOlderClients(int version, int expected) {
        // When
        ApiVersionsResponse response = handle(version, request("kafka", "4.4.0"));

        // Then
        assertThat(response.supportedFeatures()).hasSize(expected).allSatisfy(feature -> {
            assertThat(feature.minVersion()).isZero();
            assertThat(feature.maxVersion()).isPositive();
        });
    }

    @ParameterizedTest
    @CsvSource({"'', 1.0", "name, ''", "-name, 1.0", "na me, 1.0", "name, 1.0."})
    void shouldRefuseSoftwareNamesThatAreNone(String name, String version) {
        assertThat(handle(3, request(name, version)).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldNotLookAtSoftwareNamesBeforeVersionThree() {
        assertThat(handle(2, request("", "")).errorCode()).isZero();
    }

    @Test
    void shouldRememberTheClientsSoftware() {
        // Given
        RequestContext context = Contexts.context(ApiKey.API_VERSIONS, 3);

        // When
        handler.handle(context, request("librdkafka", "2.0.2"));

        // Then
        assertThat(context.connection().softwareName()).isEqualTo("librdkafka");
        assertThat(context.connection().softwareVersion()).isEqualTo("2.0.2");
    }

    @ParameterizedTest
    @CsvSource({"our-cluster, 7, 0", "our-cluster, -1, 0", ", 7, 0", "other, 7, 129", "our-cluster, 8, 129"})
    void shouldSendBackWhoMeansAnotherBroker(String clusterId, int nodeId, int error) {
        // Given
        ApiVersionsRequest request =
                request("kafka", "4.4.0").setClusterId(clusterId).setNodeId(nodeId);

        // When
        ApiVersionsResponse response = handle(5, request);

        // Then
        assertThat(response.errorCode()).isEqualTo((short) error);
    }

    /** Of a cluster in which groups of the consumer protocol were switched off. */
    private static MetadataImages images() {
        ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY)
                .replay(new ClusterRecord().setClusterId("our-cluster"))
                .replay(level("group.version", 0))
                .replay(level("transaction.version", 2));
        MetadataImages images = new MetadataImages();
        images.publish(builder.build(OFFSET), ImageChange.between(ClusterImage.EMPTY, ClusterImage.EMPTY));
        return images;
    }

    private static FeatureLevelRecord level(String name, int level) {
        return new FeatureLevelRecord().setName(name).setFeatureLevel((short) level);
    }

    private static ApiVersionsRequest request(String name, String version) {
        return new ApiVersionsRequest().setClientSoftwareName(name).setClientSoftwareVersion(version);
    }

    private ApiVersionsResponse handle(int version, ApiVersionsRequest request) {
        Reply reply = handler.handle(Contexts.context(ApiKey.API_VERSIONS, version), request)
                .toCompletableFuture()
                .join();
        return (ApiVersionsResponse) ((Reply.Answer) reply).message();
    }
}
