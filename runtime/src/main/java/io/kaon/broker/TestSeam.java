// SPDX-License-Identifier: Apache-2.0
package io.kaon.broker;

import io.kaon.common.Uuid;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.TopicImage;
import io.kaon.network.NetworkServer;
import io.kaon.server.RequestFilter;
import io.kaon.server.RequestRouter;
import java.util.Optional;

/**
 * What tests do to a broker that clients cannot: the way to faults. Nothing here is reachable over the network, and a
 * broker to which nobody does anything pays one volatile read a request. Any thread. {@code kaon-test} has the API for
 * tests of applications.
 */
public final class TestSeam {
    private final RequestRouter router;
    private final NetworkServer network;
    private final MetadataImages images;

    TestSeam(RequestRouter router, NetworkServer network, MetadataImages images) {
        this.router = router;
        this.network = network;
        this.images = images;
    }

    /** Puts a filter before all handlers, in the place of the one before; {@link RequestFilter#NONE} takes it away. */
    public void filter(RequestFilter filter) {
        router.filter(filter);
    }

    /** Closes all TCP connections; clients connect again. */
    public void disconnectAll() {
        network.disconnectAll();
    }

    /** The name of a topic, for requests that carry ids. */
    public Optional<String> topicName(Uuid id) {
        return images.current().topic(id).map(TopicImage::name);
    }

    /** Before the listeners wait for what is under way. */
    void close() {
        RequestFilter last = router.filter();
        router.filter(RequestFilter.NONE);
        last.onClose();
    }
}
