// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

/** Told of each new image. */
@FunctionalInterface
public interface ImageListener {
    /**
     * Runs on the publisher's thread, after {@link MetadataImages#current()} has changed and before the change is
     * acknowledged to whoever asked for it. Must be short and must not block: other owners are told by a message.
     */
    void onImage(ClusterImage image, ImageChange change);
}
