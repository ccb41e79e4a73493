// SPDX-License-Identifier: Apache-2.0
package io.kaon.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ErrorCode;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.ApiVersionsRequest;
import io.kaon.wire.message.ApiVersionsResponse;
import io.kaon.wire.message.GetTelemetrySubscriptionsRequest;
import io.kaon.wire.message.GetTelemetrySubscriptionsResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.ProduceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RequestRouterTest {
    private final ApiTable table = ApiTable.standard();

    @Test
    void shouldPassARequestToItsHandler() {
        // Given
        HeartbeatResponse response = new HeartbeatResponse();
        RequestRouter router = router((context, request) -> Reply.now(response));

        // When
        Reply reply = handle(router, ApiKey.HEARTBEAT, 4, new HeartbeatRequest());

        // Then
        assertThat(reply).isEqualTo(new Reply.Answer(response));
    }

    @Test
    void shouldAnswerAnApiThatIsNotServedWithUnsupportedVersion() {
        // Given
        RequestRouter router = router((context, request) -> Reply.now(new HeartbeatResponse()));

        // When
        Reply reply = handle(router, ApiKey.GET_TELEMETRY_SUBSCRIPTIONS, 0, new GetTelemetrySubscriptionsRequest());

        // Then
        GetTelemetrySubscriptionsResponse response =
                (GetTelemetrySubscriptionsResponse) ((Reply.Answer) reply).message();
        assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
    }

    @Test
    void shouldListAllApisForAnUnknownVersionOfApiVersions() {
        // Given
        RequestRouter router = router((context, request) -> Reply.now(new HeartbeatResponse()));

        // When
        Reply reply = handle(router, ApiKey.API_VERSIONS, 99, new ApiVersionsRequest());

        // Then
        ApiVersionsResponse response = (ApiVersionsResponse) ((Reply.Answer) reply).message();
        assertThat(response.errorCode()).isEqualTo(ErrorCode.UNSUPPORTED_VERSION.code());
        assertThat(response.apiKeys()).hasSize(table.all().size());
    }

    @Test
    void shouldTurnWhatAHandlerThrowsIntoAnErrorResponse() {
        // Given
        RequestRouter router = router((context, request) -> {
            throw new IllegalArgumentException("a bad value");
        });

        // When
        Reply reply = handle(router, ApiKey.HEARTBEAT, 0, new HeartbeatRequest());

        // Then
        assertThat(error(reply)).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldTurnALateFailureIntoAnErrorResponse() {
        // Given
        RequestRouter router = router((context, request) ->
                CompletableFuture.failedFuture(new UncheckedIOException(new IOException("the disk is gone"))));

        // When
        Reply reply = handle(router, ApiKey.HEARTBEAT, 0, new HeartbeatRequest());

        // Then
        assertThat(error(reply)).isEqualTo(ErrorCode.KAFKA_STORAGE_ERROR.code());
    }

    @Test
    void shouldCloseTheConnectionOfARefusedProduceWithoutAnswer() {
        // Given
        RequestRouter router = router((context, request) -> Reply.now(new HeartbeatResponse()));

        // When
        Reply reply = handle(router, ApiKey.PRODUCE, 14, new ProduceRequest().setAcks((short) 0));

        // Then
        assertThat(reply).isInstanceOf(Reply.CloseConnection.class);
    }

    @Test
    void shouldRefuseToStartWithoutAHandlerForWhatIsAdvertised() {
        // Given
        RequestRouter.Builder builder = new RequestRouter.Builder(table);

        // When / Then
        assertThatThrownBy(builder::build).isInstanceOf(IllegalArgumentException.class);
    }

    private RequestRouter router(ApiHandler<ApiMessage> handler) {
        RequestRouter.Builder builder = new RequestRouter.Builder(table);
        table.all().forEach(api -> builder.route(api.key(), ApiMessage.class, handler));
        return builder.build();
    }

    private static Reply handle(RequestRouter router, ApiKey api, int version, ApiMessage request) {
        return router.handle(Contexts.context(api, version), request)
                .toCompletableFuture()
                .join();
    }

    private static short error(Reply reply) {
        return ((HeartbeatResponse) ((Reply.Answer) reply).message()).errorCode();
    }
}
