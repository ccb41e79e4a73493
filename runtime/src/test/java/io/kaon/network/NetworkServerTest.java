// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.network.Eventually.await;
import static io.kaon.network.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.exec.BrokerThread;
import io.kaon.exec.Clock;
import io.kaon.server.Listener;
import io.kaon.server.Reply;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.HeartbeatRequest;
import io.kaon.wire.message.MetadataRequest;
import io.kaon.wire.message.MetadataResponse;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

/** Listening, accepting, closing. */
class NetworkServerTest {
    private static final short V9 = 9;
    private static final NetworkOptions OPTIONS = NetworkOptions.defaults();

    @Test
    void shouldAnswerARequest() throws Exception {
        // Given
        FakeRouter router = new FakeRouter()
                .on(ApiKey.METADATA, (context, request) -> Reply.now(new MetadataResponse().setClusterId("kaon")));
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient client = server.connect()) {
            // When
            client.send(7, new MetadataRequest(), V9);
            RawClient.Response response = client.read(ApiKey.METADATA, V9);
            // Then
            assertThat(response.correlationId()).isEqualTo(7);
            assertThat(((MetadataResponse) response.message()).clusterId()).isEqualTo("kaon");
            FakeRouter.Seen seen = router.seen().get(0);
            assertThat(seen.context().clientId()).isEqualTo(RawClient.CLIENT_ID);
            assertThat(seen.context().clientHost()).isEqualTo("127.0.0.1");
            assertThat(seen.context().listener().advertisedPort()).isEqualTo(server.port);
        }
    }

    @Test
    void shouldListenOnBothFamiliesForLocalhostAndOnOnePort() throws Exception {
        // Given
        Vertx vertx = Vertx.vertx();
        NetworkServer server = new NetworkServer(vertx, OPTIONS, Clock.system());
        List<ListenerOptions> listeners =
                List.of(new ListenerOptions("ONE", "localhost", 0), new ListenerOptions("TWO", "127.0.0.1", 0));
        // When
        List<BoundListener> bound = await(server.bind(listeners));
        Map<String, Listener> advertised = Map.of(
                "ONE", new Listener("ONE", "one", 1),
                "TWO", new Listener("TWO", "two", 2));
        server.serve(new FakeRouter(), TestServer.slots(), advertised);
        // Then
        assertThat(bound).extracting(BoundListener::name).containsExactly("ONE", "TWO");
        assertThat(bound.get(0).port()).isPositive().isNotEqualTo(bound.get(1).port());
        List<String> hosts = new ArrayList<>(List.of("127.0.0.1"));
        if (java.net.NetworkInterface.getByInetAddress(InetAddress.getByName("::1")) != null) {
            hosts.add("::1");
        }
        for (String host : hosts) {
            try (RawClient client = new RawClient(host, bound.get(0).port())) {
                client.send(1, new MetadataRequest(), V9);
                assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
            }
        }
        await(server.close());
        await(vertx.close().toCompletionStage());
    }

    @Test
    void shouldSayInOneSentenceThatAPortIsInUse() throws Exception {
        // Given
        Vertx vertx = Vertx.vertx();
        NetworkServer server = new NetworkServer(vertx, OPTIONS, Clock.system());
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            List<ListenerOptions> listeners = List.of(
                    new ListenerOptions("FREE", "127.0.0.1", 0),
                    new ListenerOptions("TAKEN", "127.0.0.1", other.getLocalPort()));
            // When
            CompletionStage<List<BoundListener>> bound = server.bind(listeners);
            // Then
            assertThatThrownBy(() -> await(bound))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ListenException.class)
                    .hasMessageContaining("TAKEN")
                    .hasMessageContaining("in use")
                    .hasMessageContaining("quarkus.kaon.broker.listeners");
        }
        await(server.close());
        await(vertx.close().toCompletionStage());
    }

    @Test
    void shouldNotShareAPortWithAnotherBrokerOnTheSameVertx() throws Exception {
        // Given
        try (TestServer first = new TestServer(OPTIONS, new FakeRouter())) {
            NetworkServer second = new NetworkServer(first.vertx, OPTIONS, Clock.system());
            NetworkServer third = new NetworkServer(first.vertx, OPTIONS, Clock.system());
            // When
            CompletionStage<List<BoundListener>> same =
                    second.bind(List.of(new ListenerOptions("PLAINTEXT", "127.0.0.1", first.port)));
            CompletionStage<List<BoundListener>> free =
                    third.bind(List.of(new ListenerOptions("PLAINTEXT", "127.0.0.1", 0)));
            // Then
            assertThatThrownBy(() -> await(same)).cause().isInstanceOf(ListenException.class);
            assertThat(await(free).get(0).port()).isNotEqualTo(first.port);
            await(third.close());
        }
    }

    @Test
    void shouldListenAgainOnAFixedPortAfterClose() throws Exception {
        // Given
        int port;
        try (TestServer first = new TestServer(OPTIONS, new FakeRouter());
                RawClient client = first.connect()) {
            port = first.port;
            client.send(1, new MetadataRequest(), V9);
            client.read(ApiKey.METADATA, V9);
        }
        Vertx vertx = Vertx.vertx();
        NetworkServer second = new NetworkServer(vertx, OPTIONS, Clock.system());
        // When
        List<BoundListener> bound = await(second.bind(List.of(new ListenerOptions("P", "127.0.0.1", port))));
        // Then
        assertThat(bound.get(0).port()).isEqualTo(port);
        await(second.close());
        await(vertx.close().toCompletionStage());
    }

    @Test
    void shouldSpreadConnectionsOverSeveralEventLoopsThatBelongToTheBroker() throws Exception {
        // Given
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        Set<Boolean> adopted = ConcurrentHashMap.newKeySet();
        FakeRouter router = new FakeRouter().on(ApiKey.METADATA, (context, request) -> {
            threads.add(Thread.currentThread());
            adopted.add(BrokerThread.isCurrent());
            return Reply.now(new MetadataResponse());
        });
        List<RawClient> clients = new ArrayList<>();
        try (TestServer server = new TestServer(OPTIONS, router)) {
            // When
            for (int i = 0; i < 4; i++) {
                RawClient client = server.connect();
                clients.add(client);
                client.send(i, new MetadataRequest(), V9);
                client.read(ApiKey.METADATA, V9);
            }
            // Then
            assertThat(threads).hasSize(2);
            assertThat(adopted).containsExactly(true);
            for (RawClient client : clients) {
                client.close();
            }
            eventually("connections are counted down", () -> server.server.openConnections() == 0);
        }
    }

    @Test
    void shouldReadNothingBeforeItServes() throws Exception {
        // Given
        Vertx vertx = Vertx.vertx();
        FakeRouter router = new FakeRouter();
        NetworkServer server = new NetworkServer(vertx, OPTIONS, Clock.system());
        int port = await(server.bind(List.of(new ListenerOptions("P", "127.0.0.1", 0))))
                .get(0)
                .port();
        try (RawClient client = new RawClient(port)) {
            client.send(1, new MetadataRequest(), V9);
            eventually("the connection is there", () -> server.openConnections() == 1);
            assertThat(router.seen()).isEmpty();
            // When
            server.serve(router, TestServer.slots(), Map.of("P", new Listener("P", "localhost", port)));
            // Then
            assertThat(client.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
        }
        await(server.close());
        await(vertx.close().toCompletionStage());
    }

    @Test
    void shouldRefuseConnectionsBeyondTheLimits() throws Exception {
        // Given
        NetworkOptions two = OPTIONS.withConnections(
                new NetworkOptions.ConnectionLimits(2, 2, OPTIONS.connections().maxIdle()));
        try (TestServer server = new TestServer(two, new FakeRouter());
                RawClient first = server.connect();
                RawClient second = server.connect()) {
            eventually("both are in", () -> server.server.openConnections() == 2);
            // When
            try (RawClient third = server.connect()) {
                // Then
                assertThat(third.isClosedByServer()).isTrue();
            }
            first.send(1, new MetadataRequest(), V9);
            assertThat(first.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(1);
            second.disconnect();
            eventually("there is room again", () -> server.server.openConnections() == 1);
            try (RawClient fourth = server.connect()) {
                fourth.send(2, new MetadataRequest(), V9);
                assertThat(fourth.read(ApiKey.METADATA, V9).correlationId()).isEqualTo(2);
            }
        }
    }

    @Test
    void shouldCloseIdleConnectionsButNotThoseThatWaitForTheBroker() throws Exception {
        // Given
        NetworkOptions impatient =
                OPTIONS.withConnections(new NetworkOptions.ConnectionLimits(10, 10, java.time.Duration.ofMillis(50)));
        FakeRouter router = new FakeRouter().hold(ApiKey.HEARTBEAT);
        try (TestServer server = new TestServer(impatient, router);
                RawClient waiting = server.connect()) {
            waiting.send(1, new HeartbeatRequest(), (short) 4);
            eventually("the request is there", () -> router.seen().size() == 1);
            // When
            try (RawClient idle = server.connect()) {
                // Then
                assertThat(idle.isClosedByServer()).isTrue();
            }
            router.seen().get(0).answer(ApiKey.HEARTBEAT.newResponse());
            assertThat(waiting.read(ApiKey.HEARTBEAT, (short) 4).correlationId())
                    .isEqualTo(1);
            assertThat(waiting.isClosedByServer()).isTrue();
        }
    }

    @Test
    void shouldAnswerWhatIsInFlightWhenItCloses() throws Exception {
        // Given
        FakeRouter router = new FakeRouter().hold(ApiKey.HEARTBEAT);
        try (TestServer server = new TestServer(OPTIONS, router);
                RawClient busy = server.connect();
                RawClient idle = server.connect()) {
            busy.send(1, new HeartbeatRequest(), (short) 4);
            busy.send(2, new HeartbeatRequest(), (short) 4);
            eventually("the request is there", () -> router.seen().size() == 1);
            eventually("the other is in", () -> server.server.openConnections() == 2);
            // When
            CompletionStage<Void> closed = server.server.close();
            // Then
            assertThat(idle.isClosedByServer()).isTrue();
            assertThat(closed.toCompletableFuture()).isNotDone();
            router.seen().get(0).answer(ApiKey.HEARTBEAT.newResponse());
            assertThat(busy.read(ApiKey.HEARTBEAT, (short) 4).correlationId()).isEqualTo(1);
            assertThat(busy.isClosedByServer()).isTrue();
            await(closed);
            assertThat(router.seen()).hasSize(1);
        }
    }

    @Test
    void shouldCloseInTimeEvenIfAnAnswerNeverComes() throws Exception {
        // Given
        FakeRouter router = new FakeRouter().hold(ApiKey.HEARTBEAT);
        NetworkOptions quick = OPTIONS.withCloseTimeout(java.time.Duration.ofMillis(50));
        try (TestServer server = new TestServer(quick, router);
                RawClient busy = server.connect()) {
            busy.send(1, new HeartbeatRequest(), (short) 4);
            eventually("the request is there", () -> router.seen().size() == 1);
            // When
            await(server.server.close());
            // Then
            assertThat(busy.isClosedByServer()).isTrue();
            router.seen().get(0).answer(ApiKey.HEARTBEAT.newResponse());
            eventually("nothing is held", () -> server.server.inFlightBytes() == 0);
        }
    }

    @Test
    void shouldCloseEvenIfVertxIsClosedAlready() throws Exception {
        // Given
        Vertx vertx = Vertx.vertx();
        NetworkServer server = new NetworkServer(vertx, OPTIONS, Clock.system());
        await(server.bind(List.of(new ListenerOptions("P", "127.0.0.1", 0))));
        await(vertx.close().toCompletionStage());
        // When
        CompletionStage<Void> closed = server.close();
        // Then
        await(closed);
        assertThat(server.openConnections()).isZero();
    }
}
