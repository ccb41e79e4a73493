// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import io.kaon.exec.Cancellable;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;

/**
 * Where the current image is found and from where changes are told. Any thread reads and subscribes; only the owner
 * that follows the journal publishes.
 */
public final class MetadataImages {
    private static final Logger LOG = Logger.getLogger(MetadataImages.class);

    private final List<ImageListener> listeners = new CopyOnWriteArrayList<>();
    private volatile ClusterImage current = ClusterImage.EMPTY;

    /** The newest image; {@link ClusterImage#EMPTY} before the journal was read. */
    public ClusterImage current() {
        return current;
    }

    /** Makes an image the current one and tells the listeners, in the order of their subscription. */
    public void publish(ClusterImage image, ImageChange change) {
        current = image;
        for (ImageListener listener : listeners) {
            tell(listener, image, change);
        }
    }

    /**
     * From now on tells each change. Whoever wants what is there already subscribes first and then reads {@link
     * #current()}.
     */
    public Cancellable subscribe(ImageListener listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** One listener's failure is not another's: the journal is followed on. */
    private static void tell(ImageListener listener, ClusterImage image, ImageChange change) {
        try {
            listener.onImage(image, change);
        } catch (RuntimeException failure) {
            LOG.errorf(failure, "A metadata listener failed at offset %d", image.offset());
        }
    }
}
