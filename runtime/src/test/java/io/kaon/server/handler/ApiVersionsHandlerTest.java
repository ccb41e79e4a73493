// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.server.ApiTable;
import io.kaon.server.Contexts;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.ApiVersionsResponse.ApiVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiVersionsHandlerTest {
    private final ApiTable table = ApiTable.standard();
    private final ApiVersionsHandler handler = new ApiVersionsHandler(table, 7, () -> "our-cluster");

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
        assertThat(response.finalizedFeatures()).isEmpty();
        assertThat(response.supportedFeatures()).isEmpty();
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
