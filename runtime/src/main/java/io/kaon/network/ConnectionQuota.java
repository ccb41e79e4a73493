// SPDX-License-Identifier: Apache-2.0
package io.kaon.network;

import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections, all together and by address. Any thread. */
final class ConnectionQuota {
    private final NetworkOptions.ConnectionLimits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<InetAddress, Integer> byAddress = new ConcurrentHashMap<>();

    ConnectionQuota(NetworkOptions.ConnectionLimits limits) {
        this.limits = limits;
    }

    /**
     * Counts a connection; answers what speaks against it, or nothing when it may stay and {@link #leave} must
     * follow.
     */
    String enter(InetAddress address) {
        if (open.incrementAndGet() > limits.maxConnections()) {
            open.decrementAndGet();
            return "max.connections is " + limits.maxConnections();
        }
        if (byAddress.merge(address, 1, Integer::sum) > limits.maxConnectionsPerIp()) {
            leave(address);
            return "max.connections.per.ip is " + limits.maxConnectionsPerIp();
        }
        return "";
    }

    void leave(InetAddress address) {
        open.decrementAndGet();
        byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
    }

    int open() {
        return open.get();
    }
}
