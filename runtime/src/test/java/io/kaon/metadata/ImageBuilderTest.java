// SPDX-License-Identifier: Apache-2.0
package io.kaon.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.InvariantViolation;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.wire.StateMessage;
import io.kaon.wire.state.ConfigRecord;
import io.kaon.wire.state.PartitionChangeRecord;
import io.kaon.wire.state.ProducerIdsRecord;
import io.kaon.wire.state.RemoveTopicRecord;
import io.kaon.wire.state.TopicRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageBuilderTest {
    private static final Uuid ID = new Uuid(1, 2);

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void shouldGiveSameImageWhenEachEntryIsReplayedTwice(long seed) {
        // Given
        RandomHistory history = new RandomHistory(seed);
        List<List<StateMessage>> entries = history.entries(400);

        // When
        ClusterImage image = ClusterImage.EMPTY;
        for (List<StateMessage> entry : entries) {
            image = new ImageBuilder(image).replay(entry).replay(entry).build(0);
        }

        // Then
        assertThat(image).isEqualTo(history.image());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {21, 22, 23, 24})
    void shouldMakeSameImageFromItsOwnRecords(long seed) {
        // Given
        RandomHistory history = new RandomHistory(seed);
        history.entries(400);

        // When
        ClusterImage copy = new ImageBuilder(ClusterImage.EMPTY)
                .replay(new ImageRecords(history.image()))
                .build(history.image().offset());

        // Then
        assertThat(copy).isEqualTo(history.image());
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {31, 32, 33, 34})
    void shouldTellSameTopicsAndConfigsAsComparisonOfBothImages(long seed) {
        // Given
        List<List<StateMessage>> entries = new RandomHistory(seed).entries(300);
        ClusterImage before = ClusterImage.EMPTY;
        for (List<StateMessage> entry : entries) {
            ImageBuilder builder = new ImageBuilder(before).replay(entry);
            ClusterImage after = builder.build(0);

            // When
            ImageChange told = builder.change();
            ImageChange compared = ImageChange.between(before, after);

            // Then
            assertThat(told.topics()).containsAll(compared.topics());
            assertThat(told.removed()).isEqualTo(compared.removed());
            assertThat(new ArrayList<>(compared.configs()))
                    .allMatch(resource -> told.configs().contains(resource)
                            || resource.type() == ConfigResource.Type.TOPIC
                                    && after.topic(resource.name()).isEmpty());
            assertThat(told.brokersChanged() || !compared.brokersChanged()).isTrue();
            before = after;
        }
    }

    @Test
    void shouldLeaveBaseAsItWas() {
        // Given
        ClusterImage before = withTopic();

        // When
        ImageBuilder builder = new ImageBuilder(before).replay(new RemoveTopicRecord().setTopicId(ID));
        ClusterImage after = builder.build(7);

        // Then
        assertThat(before.topic("t")).isPresent();
        assertThat(before.partition(new TopicPartition("t", 1))).isPresent();
        assertThat(after.topic("t")).isEmpty();
        assertThat(after.topic(ID)).isEmpty();
        assertThat(after.topicCount()).isZero();
        assertThat(after.offset()).isEqualTo(7);
        assertThat(builder.change().removed()).containsExactly(before.topic("t").orElseThrow());
    }

    @Test
    void shouldForgetSettingsOfRemovedTopic() {
        // Given
        ClusterImage before = new ImageBuilder(withTopic())
                .replay(new ConfigRecord()
                        .setResourceType((byte) 2)
                        .setResourceName("t")
                        .setName("k")
                        .setValue("v"))
                .build(0);

        // When
        ClusterImage after = new ImageBuilder(before)
                .replay(new RemoveTopicRecord().setTopicId(ID))
                .replay(new TopicRecord().setName("t").setTopicId(new Uuid(3, 4)))
                .build(1);

        // Then (C18)
        assertThat(before.configs(ConfigResource.topic("t"))).containsEntry("k", "v");
        assertThat(after.configs(ConfigResource.topic("t"))).isEmpty();
        assertThat(after.topic(ID)).isEmpty();
        assertThat(after.topic(new Uuid(3, 4))).isPresent();
    }

    @Test
    void shouldRefuseContradictions() {
        // Given
        ImageBuilder builder = new ImageBuilder(withTopic()).replay(new ProducerIdsRecord().setNextProducerId(2_000));

        // When, Then
        assertThatThrownBy(() -> builder.replay(new TopicRecord().setName("t").setTopicId(new Uuid(9, 9))))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> builder.replay(new ProducerIdsRecord().setNextProducerId(1_000)))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> builder.replay(new PartitionChangeRecord().setTopicId(new Uuid(9, 9))))
                .isInstanceOf(InvariantViolation.class);
        assertThatThrownBy(() -> builder.replay(
                        new PartitionChangeRecord().setTopicId(ID).setLeaderEpoch(-1)))
                .isInstanceOf(InvariantViolation.class);
    }

    @Test
    void shouldListTopicsInOrderFromAnyName() {
        // Given
        ImageBuilder builder = new ImageBuilder(ClusterImage.EMPTY);
        for (String name : List.of("b", "d", "a", "c")) {
            builder.replay(new TopicRecord().setName(name).setTopicId(new Uuid(0, name.charAt(0))));
        }

        // When
        ClusterImage image = builder.build(0);

        // Then
        assertThat(image.topics()).extracting(TopicImage::name).containsExactly("a", "b", "c", "d");
        assertThat(image.topicsFrom("bb")).extracting(TopicImage::name).containsExactly("c", "d");
    }

    private static ClusterImage withTopic() {
        TopicImage topic = new TopicImage(
                "t",
                ID,
                List.of(
                        new PartitionImage(0, List.of(1), List.of(1), 1, 0, 0),
                        new PartitionImage(1, List.of(1), List.of(1), 1, 0, 0)));
        return new ImageBuilder(ClusterImage.EMPTY)
                .replay(ImageRecords.topic(topic).toList())
                .build(0);
    }
}
