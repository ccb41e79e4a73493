// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.common.Checks.require;

import io.kaon.exec.Clock;
import io.kaon.server.ClientConnection;
import io.kaon.server.FetchSessionSlots;
import io.kaon.server.Listener;
import io.kaon.telemetry.NetworkMeters;
import io.netty.channel.Channel;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/**
 * The TCP side of a broker: binds its listeners, then serves their connections on the event loops of a Vert.x instance
 * that somebody else owns. Any thread.
 *
 * <p>{@link #bind} → {@link #serve} → {@link #close}, once each. Connections that come in before {@code serve} wait
 * unread.
 */
public final class NetworkServer {
    private static final Logger LOG = Logger.getLogger(NetworkServer.class);
    /** How often a port that is free on IPv4 may turn out to be taken on IPv6. */
    private static final int MAX_PORT_ATTEMPTS = 20;

    private final Vertx vertx;
    private final VertxSockets sockets;
    private final LoopPulse pulse;
    private final NetworkOptions options;
    private final ConnectionQuota quota;
    private final ConnectionScope scope;
    private final CompletableFuture<ConnectionScope.Serving> serving = new CompletableFuture<>();
    private final Queue<VertxSockets.ListeningSocket> listening = new ConcurrentLinkedQueue<>();
    private final Set<String> names = ConcurrentHashMap.newKeySet();
    private final Set<Channel> acceptors = ConcurrentHashMap.newKeySet();
    private final Set<ClientChannel> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong lastConnectionId = new AtomicLong();
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final Promise<Void> drained = Promise.promise();
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    /** Does nothing yet. */
    public NetworkServer(Vertx vertx, NetworkOptions options, Clock clock) {
        this.vertx = vertx;
        this.sockets = new VertxSockets(vertx);
        this.pulse = new LoopPulse(sockets.allEventLoops(), clock);
        this.options = options;
        this.quota = new ConnectionQuota(options.connections());
        this.scope = new ConnectionScope(
                options,
                clock,
                new InFlightBudget(options.inFlight().maxBytes()),
                new QuietLog(LOG, clock),
                new NetworkMeters(),
                serving);
    }

    /**
     * Binds all listeners, or none and fails with a {@link ListenException}.
     *
     * @return the listeners in the given order, with their real ports
     */
    public CompletionStage<List<BoundListener>> bind(List<ListenerOptions> listeners) {
        List<BoundListener> bound = new ArrayList<>();
        boolean withIpv6 = hasIpv6Loopback();
        Future<?> all = Future.succeededFuture();
        for (ListenerOptions listener : listeners) {
            all = all.compose(before -> bind(listener, withIpv6, 1)).onSuccess(bound::add);
        }
        return all.map(done -> List.copyOf(bound))
                .recover(failure -> closeListeners().transform(done -> Future.failedFuture(failure)))
                .toCompletionStage();
    }

    /**
     * Begins to read requests.
     *
     * @param port the router
     * @param slots the room for the connections' fetch sessions
     * @param advertised for the name of each bound listener, what its clients are told
     */
    public void serve(RequestPort port, FetchSessionSlots slots, Map<String, Listener> advertised) {
        Map<String, Listener> byName = Map.copyOf(advertised);
        require(!serving.isDone(), "the server serves already");
        require(byName.keySet().containsAll(names), "each of the listeners %s needs an advertised address", names);
        serving.complete(new ConnectionScope.Serving(
                port,
                (origin, home) ->
                        new ClientConnection(byName.get(origin.listener()), origin.clientHost(), home, slots)));
    }

    /**
     * Accepts no more connections, answers the requests that were started, closes. Takes no longer than the close
     * timeout, and a moment. Idempotent; the result never fails.
     */
    public CompletionStage<Void> close() {
        if (!isClosing.compareAndSet(false, true)) {
            return closed.minimalCompletionStage();
        }
        try {
            drain();
        } catch (RejectedExecutionException | IllegalStateException vertxIsClosed) {
            LOG.debug("Vert.x was closed before the broker, and the connections with it", vertxIsClosed);
            closed.complete(null);
        }
        return closed.minimalCompletionStage();
    }

    /** What is counted of connections. */
    public NetworkMeters meters() {
        return scope.meters();
    }

    /** Closes all connections at once, whatever they wait for: for tests. */
    public void disconnectAll() {
        connections.forEach(ClientChannel::abort);
    }

    private void drain() {
        acceptors.forEach(Channel::close);
        connections.forEach(ClientChannel::closeGracefully);
        maybeDrained();
        long timer = vertx.setTimer(Math.max(1, options.closeTimeout().toMillis()), ignored -> drained.tryComplete());
        drained.future()
                .compose(done -> {
                    vertx.cancelTimer(timer);
                    connections.forEach(ClientChannel::abort);
                    return closeListeners();
                })
                .onComplete(done -> closed.complete(null));
    }

    /** Whether clients can connect and are answered. */
    public boolean isServing() {
        return serving.isDone() && !isClosing.get() && !listening.isEmpty();
    }

    /** For how many milliseconds an event loop has not run what it was given: see {@link LoopPulse#silenceMs()}. */
    public long loopSilenceMs() {
        return pulse.silenceMs();
    }

    /** Connections that are open now. */
    public int openConnections() {
        return quota.open();
    }

    /** Bytes of requests that were received and are not answered, of all connections. */
    public long inFlightBytes() {
        return scope.budget().used();
    }

    private Future<BoundListener> bind(ListenerOptions listener, boolean withIpv6, int attempt) {
        List<VertxSockets.ListeningSocket> bound = new ArrayList<>();
        Future<Integer> port = Future.succeededFuture(listener.port());
        for (String address : listener.addresses(withIpv6)) {
            port = port.compose(wanted -> listen(listener, address, wanted)).map(socket -> {
                bound.add(socket);
                return socket.port();
            });
        }
        return port.map(real -> {
                    listening.addAll(bound);
                    names.add(listener.name());
                    return new BoundListener(listener.name(), listener.host(), real);
                })
                .recover(failure -> closeAll(bound).transform(done -> {
                    boolean mayTryAgain = listener.port() == 0 && !bound.isEmpty() && attempt < MAX_PORT_ATTEMPTS;
                    return mayTryAgain
                            ? bind(listener, withIpv6, attempt + 1)
                            : Future.failedFuture(
                                    failure instanceof ListenException
                                            ? failure
                                            : ListenException.of(listener, failure));
                }));
    }

    private Future<VertxSockets.ListeningSocket> listen(ListenerOptions listener, String address, int port) {
        int loops = Math.min(options.eventLoops(), sockets.eventLoops());
        return sockets.listen(address, port, loops, socket -> onConnect(listener.name(), socket));
    }

    private void onConnect(String listener, NetSocket socket) {
        InetSocketAddress peer = new InetSocketAddress(
                address(socket.remoteAddress().hostAddress()),
                socket.remoteAddress().port());
        InetAddress address = peer.getAddress();
        String refusal = isClosing.get() ? "the broker closes" : quota.enter(address);
        if (!refusal.isEmpty()) {
            scope.log().warn("Refusing a connection from " + peer + " on " + listener + ": " + refusal);
            socket.close();
            return;
        }
        acceptors.add(VertxSockets.acceptor(socket));
        ConnectionScope.Origin origin =
                new ConnectionScope.Origin(lastConnectionId.incrementAndGet(), listener, address.getHostAddress());
        open(socket, origin, peer);
    }

    private void open(NetSocket socket, ConnectionScope.Origin origin, InetSocketAddress peer) {
        ClientChannel channel = new ClientChannel(scope, origin, peer, gone -> {
            connections.remove(gone);
            quota.leave(peer.getAddress());
            maybeDrained();
        });
        connections.add(channel);
        VertxSockets.takeOver(socket, channel);
        if (isClosing.get()) {
            channel.closeGracefully();
        }
    }

    private void maybeDrained() {
        if (isClosing.get() && connections.isEmpty()) {
            drained.tryComplete();
        }
    }

    private Future<Void> closeListeners() {
        List<VertxSockets.ListeningSocket> all = new ArrayList<>(listening);
        listening.clear();
        return closeAll(all);
    }

    private static Future<Void> closeAll(List<VertxSockets.ListeningSocket> sockets) {
        Future<Void> all = Future.succeededFuture();
        for (VertxSockets.ListeningSocket socket : sockets) {
            all = all.transform(before -> socket.close());
        }
        return all;
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal); // A literal: nothing is looked up.
        } catch (UnknownHostException impossible) {
            throw new IllegalArgumentException(literal + " is no address", impossible);
        }
    }

    private static boolean hasIpv6Loopback() {
        try {
            return NetworkInterface.getByInetAddress(address("::1")) != null;
        } catch (SocketException unknown) {
            LOG.debug("The network interfaces cannot be listed: IPv4 only", unknown);
            return false;
        }
    }
}
