// SPDX-License-Identifier: Apache-2.0
package io.kaon.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.Uuid;
import io.kaon.metadata.ClusterImage;
import io.kaon.metadata.ImageChange;
import io.kaon.metadata.MetadataImages;
import io.kaon.metadata.RandomHistory;
import io.kaon.metadata.TopicImage;
import io.kaon.wire.StateMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ImageFollowerTest {
    private final MetadataImages images = new MetadataImages();
    private final ImageFollower follower = new ImageFollower(images);
    private final RandomHistory history = new RandomHistory(7);
    private final List<List<StateMessage>> entries = history.entries(100);

    @Test
    void shouldPublishNothingWhileItCatchesUpAndEachEntryLater() {
        // Given
        List<ImageChange> changes = new ArrayList<>();
        images.subscribe((image, change) -> changes.add(change));

        // When
        replay(0, 60);
        int before = changes.size();
        follower.onCaughtUp();
        int caughtUp = changes.size();
        replay(60, 100);

        // Then
        assertThat(before).isZero();
        assertThat(caughtUp).isEqualTo(1);
        assertThat(changes).hasSize(41);
        assertThat(images.current()).isEqualTo(history.image());
        assertThat(images.current().offset()).isEqualTo(99);
    }

    @Test
    void shouldTellWhatChangedWhenItStartsOverFromSnapshot() {
        // Given
        replay(0, 50);
        follower.onCaughtUp();
        ClusterImage before = images.current();
        ImageFollower other = new ImageFollower(new MetadataImages());
        for (int offset = 0; offset < 100; offset++) {
            other.onRecords(offset, entries.get(offset));
        }
        List<ImageChange> changes = new ArrayList<>();
        images.subscribe((image, change) -> changes.add(change));

        // When
        follower.onSnapshot(99);
        other.snapshot().forEach(message -> follower.onRecords(99, List.of(message)));
        follower.onCaughtUp();

        // Then
        assertThat(images.current()).isEqualTo(history.image());
        assertThat(changes).containsExactly(ImageChange.between(before, history.image()));
        assertThat(changes.get(0).removed())
                .extracting(TopicImage::id)
                .doesNotContainAnyElementsOf(ids(history.image()));
    }

    private void replay(int from, int to) {
        for (int offset = from; offset < to; offset++) {
            follower.onRecords(offset, entries.get(offset));
        }
    }

    private static List<Uuid> ids(ClusterImage image) {
        List<Uuid> ids = new ArrayList<>();
        image.topics().forEach(topic -> ids.add(topic.id()));
        return ids;
    }
}
