// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageBuilder;
import io.kaon.metadata.ImageChange;
import io.kaon.metadata.ImageRecords;
import io.kaon.metadata.MetadataImages;
import io.kaon.wire.StateMessage;
import java.util.List;

/**
 * Turns the journal into images: every broker has one, the controller included. Owned by the journal's owner. While it
 * catches up nothing is published; later each entry is an image of its own.
 */
public final class ImageFollower implements JournalListener {
    private final MetadataImages images;
    private ImageBuilder builder;
    private ClusterImage image;
    private boolean isCaughtUp;
    private boolean isStartedOver;

    public ImageFollower(MetadataImages images) {
        this.images = images;
        this.image = images.current();
        this.builder = new ImageBuilder(image);
    }

    @Override
    public void onSnapshot(long offset) {
        image = ClusterImage.EMPTY;
        builder = new ImageBuilder(image);
        isCaughtUp = false;
        isStartedOver = true;
    }

    @Override
    public void onRecords(long offset, List<StateMessage> records) {
        builder.replay(records);
        image = builder.build(offset);
        if (isCaughtUp) {
            publish();
        }
    }

    @Override
    public void onCaughtUp() {
        isCaughtUp = true;
        publish();
    }

    @Override
    public Iterable<StateMessage> snapshot() {
        return new ImageRecords(image);
    }

    private void publish() {
        ImageChange change = isStartedOver ? ImageChange.between(images.current(), image) : builder.change();
        isStartedOver = false;
        images.publish(image, change);
        builder = new ImageBuilder(image);
    }
}
