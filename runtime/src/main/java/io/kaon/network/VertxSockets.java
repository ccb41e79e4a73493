// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.impl.VertxInternal;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.impl.NetServerImpl;
import io.vertx.core.net.impl.NetSocketInternal;
import io.vertx.core.net.impl.ServerID;
import java.net.BindException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The one class that knows the inside of Vert.x 4: its event loops, its shared servers, and the Netty pipeline of a
 * socket.
 */
final class VertxSockets {
    private static final int MAX_KEY = 0x3fffffff;

    private final VertxInternal vertx;

    VertxSockets(Vertx vertx) {
        this.vertx = (VertxInternal) vertx;
    }

    /** One of the event loops, in turn. */
    EventLoop nextEventLoop() {
        return vertx.createEventLoopContext().nettyEventLoop();
    }

    /** All event loops. */
    List<Executor> allEventLoops() {
        List<Executor> loops = new ArrayList<>();
        for (EventExecutor loop : vertx.getEventLoopGroup()) {
            loops.add(loop);
        }
        return loops;
    }

    /** How many event loops there are; 1 if that cannot be known. */
    int eventLoops() {
        EventLoopGroup group = vertx.getEventLoopGroup();
        int count = 0;
        for (Object ignored : group) {
            count++;
        }
        return Math.max(1, count);
    }

    /** Inserts a handler that takes over the raw bytes of a connection. */
    static void takeOver(NetSocket socket, ChannelHandler handler) {
        NetSocketInternal internal = (NetSocketInternal) socket;
        String vertxHandler = internal.channelHandlerContext().name();
        internal.channelHandlerContext().pipeline().addBefore(vertxHandler, "kaon", handler);
    }

    /** The listening channel that accepted the connection. */
    static Channel acceptor(NetSocket socket) {
        return ((NetSocketInternal) socket).channelHandlerContext().channel().parent();
    }

    /**
     * Listens on one address from several event loops: one {@code listen()} puts all its connections on one loop.
     *
     * @param port 0 for any free one
     * @param loops how many
     */
    Future<ListeningSocket> listen(String host, int port, int loops, Consumer<NetSocket> onConnect) {
        int key = port == 0 ? freeSharingKey(host) : port;
        if (isShared(host, key)) {
            // Vert.x would let us share the port with whoever listens in this process.
            return Future.failedFuture(new BindException("Address already in use by another server of this process"));
        }
        List<NetServer> servers = new ArrayList<>();
        for (int i = 0; i < loops; i++) {
            servers.add(vertx.createNetServer(new NetServerOptions().setTcpKeepAlive(true))
                    .connectHandler(onConnect::accept));
        }
        SocketAddress address =
                key < 0 ? SocketAddress.sharedRandomPort(-key, host) : SocketAddress.inetSocketAddress(key, host);
        Future<?> all = listen(servers.get(0), address);
        for (NetServer next : servers.subList(1, loops)) {
            all = all.compose(before -> listen(next, address));
        }
        ListeningSocket socket = new ListeningSocket(servers);
        return all.map(socket).recover(failure -> socket.close().transform(closed -> Future.failedFuture(failure)));
    }

    private Future<NetServer> listen(NetServer server, SocketAddress address) {
        Promise<NetServer> listening = Promise.promise();
        Context context = vertx.createEventLoopContext();
        context.runOnContext(ignored -> server.listen(address).onComplete(listening));
        return listening.future();
    }

    /**
     * Vert.x calls a random port that several servers share by a negative number of our choice: one that no other
     * broker in this process chooses at the same moment.
     */
    private int freeSharingKey(String host) {
        int key = -1 - (System.identityHashCode(this) & MAX_KEY);
        while (isShared(host, key)) {
            key--;
        }
        return key;
    }

    private boolean isShared(String host, int port) {
        String id = port < 0 ? host + "/" + -port : host;
        return vertx.sharedTCPServers(NetServerImpl.class).containsKey(new ServerID(port, id));
    }

    /** The servers that stand behind one address. */
    record ListeningSocket(List<NetServer> servers) {
        int port() {
            return servers.get(0).actualPort();
        }

        /** Stops listening, and closes the connections that came in. */
        Future<Void> close() {
            return Future.join(servers.stream().map(NetServer::close).toList()).mapEmpty();
        }
    }
}
