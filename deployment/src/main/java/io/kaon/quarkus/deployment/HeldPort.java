// SPDX-License-Identifier: Apache-2.0
package io.kaon.quarkus.deployment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A free port of the loopback interfaces that nobody else is given until the broker has bound it.
 *
 * <p>The sockets are bound with {@code SO_REUSEADDR} and never listen: the operating system no longer hands the port
 * out, while a listener that sets the option too, as the broker does, still binds it. They stay open as long as dev
 * mode or the test does, so that the port also survives a restart of the broker.
 */
final class HeldPort implements AutoCloseable {
    private static final int ATTEMPTS = 20;

    private final List<Socket> sockets;
    private final int port;

    private HeldPort(List<Socket> sockets) {
        this.sockets = sockets;
        this.port = sockets.get(0).getLocalPort();
    }

    /** Takes a port that is free on 127.0.0.1 and, where there is one, on ::1. */
    static HeldPort take() {
        IOException last = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<Socket> sockets = new ArrayList<>();
            try {
                return hold(0, sockets);
            } catch (IOException e) {
                sockets.forEach(HeldPort::closeQuietly);
                last = e;
            }
        }
        throw new UncheckedIOException("No port of the loopback interface is free for the broker", last);
    }

    /** Takes this port, if it is free. */
    static Optional<HeldPort> at(int port) {
        List<Socket> sockets = new ArrayList<>();
        try {
            return Optional.of(hold(port, sockets));
        } catch (IOException taken) {
            sockets.forEach(HeldPort::closeQuietly);
            return Optional.empty();
        }
    }

    private static HeldPort hold(int port, List<Socket> sockets) throws IOException {
        sockets.add(bound(address("127.0.0.1"), port));
        maybeBindIpv6(sockets);
        return new HeldPort(sockets);
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        sockets.forEach(HeldPort::closeQuietly);
    }

    private static void maybeBindIpv6(List<Socket> sockets) throws IOException {
        int port = sockets.get(0).getLocalPort();
        try {
            sockets.add(bound(address("::1"), port));
        } catch (SocketException e) {
            if (isIpv6Available()) {
                throw e;
            }
        }
    }

    private static boolean isIpv6Available() {
        try (Socket probe = bound(address("::1"), 0)) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    private static InetAddress address(String literal) throws UnknownHostException {
        return InetAddress.getByName(literal);
    }

    private static Socket bound(InetAddress address, int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(address, port));
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
