// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import static io.kaon.common.Checks.require;

import java.time.Duration;

/**
 * The limits of the network layer.
 *
 * @param maxFrameBytes the longest request, {@code socket.request.max.bytes}; a longer one closes its connection
 * @param eventLoops event loops that the connections of a listener are spread over; at most as many as Vert.x has
 * @param closeTimeout how long {@link NetworkServer#close} waits for answers that are under way
 * @param connections limits of the connections
 * @param inFlight limits of what is received and not yet answered
 */
public record NetworkOptions(
        int maxFrameBytes,
        int eventLoops,
        Duration closeTimeout,
        ConnectionLimits connections,
        InFlightLimits inFlight) {
    /** Kafka's {@code socket.request.max.bytes}. */
    public static final int DEFAULT_MAX_FRAME_BYTES = 100 * 1024 * 1024;
    /** The longest frame of a connection that has to authenticate and has not yet (design, D10). */
    public static final int MAX_FRAME_BYTES_BEFORE_AUTHENTICATION = 64 * 1024;

    private static final int DEFAULT_EVENT_LOOPS = 8;
    private static final int MAX_EVENT_LOOPS = 1024;
    private static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(5);

    public NetworkOptions {
        require(maxFrameBytes >= 1, "socket.request.max.bytes must be at least 1, was %s", maxFrameBytes);
        require(
                eventLoops >= 1 && eventLoops <= MAX_EVENT_LOOPS,
                "event loops must be 1 to %s, was %s",
                MAX_EVENT_LOOPS,
                eventLoops);
        require(!closeTimeout.isNegative(), "the close timeout must not be negative, was %s", closeTimeout);
    }

    /** What a broker has when nothing is configured. */
    public static NetworkOptions defaults() {
        return new NetworkOptions(
                DEFAULT_MAX_FRAME_BYTES,
                DEFAULT_EVENT_LOOPS,
                DEFAULT_CLOSE_TIMEOUT,
                ConnectionLimits.defaults(),
                InFlightLimits.defaults());
    }

    public NetworkOptions withMaxFrameBytes(int bytes) {
        return new NetworkOptions(bytes, eventLoops, closeTimeout, connections, inFlight);
    }

    public NetworkOptions withEventLoops(int loops) {
        return new NetworkOptions(maxFrameBytes, loops, closeTimeout, connections, inFlight);
    }

    public NetworkOptions withCloseTimeout(Duration timeout) {
        return new NetworkOptions(maxFrameBytes, eventLoops, timeout, connections, inFlight);
    }

    public NetworkOptions withConnections(ConnectionLimits limits) {
        return new NetworkOptions(maxFrameBytes, eventLoops, closeTimeout, limits, inFlight);
    }

    public NetworkOptions withInFlight(InFlightLimits limits) {
        return new NetworkOptions(maxFrameBytes, eventLoops, closeTimeout, connections, limits);
    }

    /**
     * Limits of the connections. One more than allowed is closed at once.
     *
     * @param maxConnections of all listeners together, {@code max.connections}
     * @param maxConnectionsPerIp from one address, {@code max.connections.per.ip}
     * @param maxIdle after which a connection without traffic is closed, {@code connections.max.idle.ms}
     */
    public record ConnectionLimits(int maxConnections, int maxConnectionsPerIp, Duration maxIdle) {
        private static final int DEFAULT_MAX_CONNECTIONS = 16_384;
        private static final Duration DEFAULT_MAX_IDLE = Duration.ofMinutes(10);

        public ConnectionLimits {
            require(maxConnections >= 1, "max.connections must be at least 1, was %s", maxConnections);
            require(maxConnectionsPerIp >= 0, "max.connections.per.ip must be at least 0, was %s", maxConnectionsPerIp);
            require(maxIdle.toMillis() >= 1, "connections.max.idle.ms must be at least 1, was %s", maxIdle.toMillis());
        }

        /** As Kafka, but with a bound on the number of connections. */
        public static ConnectionLimits defaults() {
            return new ConnectionLimits(DEFAULT_MAX_CONNECTIONS, DEFAULT_MAX_CONNECTIONS, DEFAULT_MAX_IDLE);
        }
    }

    /**
     * Limits of what is received and not yet answered. Beyond them sockets are not read, so that the peers wait.
     *
     * @param maxRequestsPerConnection requests of one connection
     * @param maxBytesPerConnection bytes of the requests of one connection; a single request may be longer
     * @param maxBytes bytes of the requests of all connections, {@code queued.max.request.bytes}; a single
     *     request may be longer
     */
    public record InFlightLimits(int maxRequestsPerConnection, long maxBytesPerConnection, long maxBytes) {
        private static final int DEFAULT_MAX_REQUESTS = 256;
        private static final long DEFAULT_MAX_BYTES_PER_CONNECTION = 16L * 1024 * 1024;
        private static final long DEFAULT_MAX_BYTES = 64L * 1024 * 1024;

        public InFlightLimits {
            require(
                    maxRequestsPerConnection >= 1,
                    "requests in flight per connection must be at least 1, was %s",
                    maxRequestsPerConnection);
            require(
                    maxBytesPerConnection >= 1,
                    "bytes in flight per connection must be at least 1, was %s",
                    maxBytesPerConnection);
            require(maxBytes >= 1, "queued.max.request.bytes must be at least 1, was %s", maxBytes);
        }

        /** Memory for an embedded broker. */
        public static InFlightLimits defaults() {
            return new InFlightLimits(DEFAULT_MAX_REQUESTS, DEFAULT_MAX_BYTES_PER_CONNECTION, DEFAULT_MAX_BYTES);
        }
    }
}
