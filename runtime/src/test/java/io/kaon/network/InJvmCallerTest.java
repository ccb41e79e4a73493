// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.network.Eventually.await;
import static io.kaon.network.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ErrorCode;
import io.kaon.exec.BrokerThread;
import io.kaon.server.Listener;
import io.kaon.server.Reply;
import io.kaon.wire.ApiMessage;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.HeartbeatResponse;
import io.kaon.wire.message.JoinGroupRequest;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataResponse;
import io.kaon.wire.message.ProduceRequest;
import io.kaon.wire.message.ProduceResponse;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InJvmCallerTest {
    private static final int MAX_CALLS = 100;

    private final Vertx vertx = Vertx.vertx();
    private final FakeRouter router = new FakeRouter();
    private final InJvmCaller caller = new InJvmCaller(
            vertx,
            router,
            new InJvmCaller.Options("app", new Listener("L", "localhost", 1), TestServer.slots(), MAX_CALLS));

    @AfterEach
    void closeVertx() throws Exception {
        await(vertx.close().toCompletionStage());
    }

    @Test
    void shouldCallTheRouterOnAThreadOfTheBroker() throws Exception {
        // Given
        CompletableFuture<Boolean> isOurs = new CompletableFuture<>();
        router.on(ApiKey.METADATA, (context, request) -> {
            isOurs.complete(BrokerThread.isCurrent());
            return Reply.now(new MetadataResponse().setClusterId("kaon"));
        });
        // When
        ApiMessage response = await(caller.call(new MetadataRequest()));
        // Then
        assertThat(((MetadataResponse) response).clusterId()).isEqualTo("kaon");
        assertThat(await(isOurs)).isTrue();
        assertThat(router.seen().get(0).context().version()).isEqualTo(ApiKey.METADATA.latestVersion());
        assertThat(router.seen().get(0).context().clientId()).isEqualTo("app");
        assertThat(router.seen().get(0).context().clientHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void shouldStartCallsInOrderAndAnswerThemAsTheyAreReady() throws Exception {
        // Given
        router.hold(ApiKey.FETCH).hold(ApiKey.JOIN_GROUP);
        CompletableFuture<ApiMessage> fetch = caller.call(new FetchRequest()).toCompletableFuture();
        CompletableFuture<ApiMessage> produce =
                caller.call(new ProduceRequest()).toCompletableFuture();
        CompletableFuture<ApiMessage> join = caller.call(new JoinGroupRequest()).toCompletableFuture();
        CompletableFuture<ApiMessage> last =
                caller.call(new MetadataRequest(), (short) 5).toCompletableFuture();
        // When
        await(produce);
        eventually("the barrier starts", () -> router.seen().size() == 3);
        // Then
        assertThat(fetch).isNotDone();
        assertThat(router.seen().get(0).context().hurry().toCompletableFuture()).isNotDone();
        assertThat(last).isNotDone();
        router.seen().get(2).answer(ApiKey.JOIN_GROUP.newResponse());
        await(join);
        await(last);
        assertThat(router.seen())
                .extracting(seen -> seen.context().api())
                .containsExactly(ApiKey.FETCH, ApiKey.PRODUCE, ApiKey.JOIN_GROUP, ApiKey.METADATA);
        assertThat(router.seen().get(3).context().version()).isEqualTo((short) 5);
    }

    @Test
    void shouldCallOffAWaitingFetchWhenItCloses() throws Exception {
        // Given
        router.hold(ApiKey.FETCH).hold(ApiKey.HEARTBEAT);
        CompletableFuture<ApiMessage> fetch = caller.call(new FetchRequest()).toCompletableFuture();
        CompletableFuture<ApiMessage> heartbeat =
                caller.call(new HeartbeatRequest()).toCompletableFuture();
        eventually("both are there", () -> router.seen().size() == 2);
        // When
        await(caller.close());
        // Then
        assertThat(router.seen().get(0).context().hurry().toCompletableFuture()).isDone();
        assertThatThrownBy(() -> await(fetch)).cause().isInstanceOf(CallFailedException.class);
        assertThatThrownBy(() -> await(heartbeat)).cause().isInstanceOf(CallFailedException.class);
        assertThatThrownBy(() -> await(caller.call(new MetadataRequest())))
                .cause()
                .isInstanceOf(CallFailedException.class);
        router.seen().get(0).answer(new FetchResponse());
        await(caller.close());
    }

    @Test
    void shouldBoundTheCallsInFlight() throws Exception {
        // Given
        router.hold(ApiKey.METADATA);
        for (int i = 0; i < MAX_CALLS; i++) {
            caller.call(new MetadataRequest());
        }
        eventually("all are there", () -> router.seen().size() == MAX_CALLS);
        // When
        CompletableFuture<ApiMessage> tooMany =
                caller.call(new MetadataRequest()).toCompletableFuture();
        // Then
        assertThatThrownBy(() -> await(tooMany)).cause().isInstanceOf(RejectedExecutionException.class);
        router.seen().get(0).answer(new MetadataResponse());
        eventually("there is room again", () -> {
            caller.call(new MetadataRequest());
            return router.seen().size() > MAX_CALLS;
        });
    }

    @Test
    void shouldAnswerWhatTheProtocolLeavesUnanswered() throws Exception {
        // Given
        router.on(ApiKey.PRODUCE, (context, request) -> CompletableFuture.completedFuture(Reply.NO_RESPONSE));
        router.on(
                ApiKey.METADATA,
                (context, request) -> CompletableFuture.completedFuture(new Reply.CloseConnection("on purpose")));
        router.on(
                ApiKey.HEARTBEAT,
                (context, request) -> CompletableFuture.failedFuture(new IllegalArgumentException("on purpose")));
        // When
        ApiMessage produced = await(caller.call(new ProduceRequest()));
        CompletableFuture<ApiMessage> closed =
                caller.call(new MetadataRequest()).toCompletableFuture();
        ApiMessage refused = await(caller.call(new HeartbeatRequest()));
        // Then
        assertThat(produced).isInstanceOf(ProduceResponse.class);
        assertThatThrownBy(() -> await(closed)).hasMessageContaining("on purpose");
        assertThat(((HeartbeatResponse) refused).errorCode()).isEqualTo(ErrorCode.INVALID_REQUEST.code());
    }

    @Test
    void shouldNotGrowTheStackWhenEachAnswerCallsAgain() throws Exception {
        // Given
        AtomicInteger left = new AtomicInteger(20_000);
        CompletableFuture<Void> done = new CompletableFuture<>();
        // When
        callAgain(left, done);
        // Then
        await(done);
        assertThat(left).hasValue(0);
    }

    private void callAgain(AtomicInteger left, CompletableFuture<Void> done) {
        caller.call(new MetadataRequest()).whenComplete((response, failure) -> {
            if (failure != null) {
                done.completeExceptionally(failure);
            } else if (left.decrementAndGet() == 0) {
                done.complete(null);
            } else {
                callAgain(left, done);
            }
        });
    }

    @Test
    void shouldRefuseAVersionThatDoesNotExist() {
        // Given
        MetadataRequest request = new MetadataRequest();
        // When // Then
        assertThatThrownBy(() -> await(caller.call(request, (short) 99)))
                .cause()
                .isInstanceOf(IllegalArgumentException.class);
    }
}
