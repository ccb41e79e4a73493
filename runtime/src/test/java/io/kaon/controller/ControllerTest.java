// SPDX-License-Identifier: Apache-2.0
package io.kaon.controller;

import static io.kaon.controller.TestCluster.request;
import static io.kaon.controller.TestCluster.topic;
import static io.kaon.controller.TestCluster.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kaon.common.ErrorCode;
import io.kaon.coordination.JournalException;
import io.kaon.metadata.ConfigResource;
import io.kaon.metadata.PartitionImage;
import io.kaon.wire.message.CreateTopicsResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ControllerTest {
    private final TestCluster cluster = TestCluster.withBrokers(1);

    @Test
    void shouldAnswerOnlyWhenDurable() {
        // Given
        cluster.journal().late();

        // When
        CompletionStage<CreateTopicsResponse> answer = cluster.controller().createTopics(request(topic("t", 1)));

        // Then (S11)
        assertThat(answer.toCompletableFuture()).isNotDone();
        assertThat(cluster.image().topic("t")).isEmpty();
        cluster.journal().commit();
        assertThat(answer).isCompleted();
        assertThat(cluster.image().topic("t")).isPresent();
    }

    @Test
    void shouldDecideOnWhatIsNotYetDurableAndAnswerAfterIt() {
        // Given
        cluster.journal().late();
        CompletionStage<CreateTopicsResponse> first = cluster.controller().createTopics(request(topic("t", 1)));

        // When
        CompletionStage<CreateTopicsResponse> second = cluster.controller().createTopics(request(topic("t", 1)));

        // Then
        assertThat(second.toCompletableFuture()).isNotDone();
        cluster.journal().commit();
        assertThat(value(first).topics().get(0).errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(value(second).topics().get(0).errorCode()).isEqualTo(ErrorCode.TOPIC_ALREADY_EXISTS.code());
    }

    @Test
    void shouldTellListenersBeforeItAnswers() {
        // Given
        List<String> order = new ArrayList<>();
        cluster.images().subscribe((image, change) -> order.add("image " + change.topics()));

        // When
        cluster.controller().createTopics(request(topic("t", 1))).thenAccept(response -> order.add("answer"));

        // Then
        assertThat(order).containsExactly("image [t]", "answer");
    }

    @Test
    void shouldGoOnWhenListenerFails() {
        // Given
        cluster.images().subscribe((image, change) -> {
            throw new IllegalStateException("for the test");
        });

        // When
        cluster.create(topic("t", 1));

        // Then
        assertThat(cluster.image().topic("t")).isPresent();
    }

    @Test
    void shouldFailEverythingAfterJournalHasFailed() {
        // Given
        cluster.journal().late();
        CompletionStage<CreateTopicsResponse> waiting = cluster.controller().createTopics(request(topic("t", 1)));

        // When
        cluster.journal().fail();
        CompletionStage<CreateTopicsResponse> later = cluster.controller().createTopics(request(topic("t", 1)));

        // Then
        assertThat(cluster.image().topic("t")).isEmpty();
        for (CompletionStage<?> answer : List.of(waiting, later)) {
            assertThat(answer.toCompletableFuture())
                    .isCompletedExceptionally()
                    .failsWithin(Duration.ZERO)
                    .withThrowableThat()
                    .withCauseInstanceOf(JournalException.class);
        }
    }

    @Test
    void shouldBoundRequestsThatWait() {
        // Given
        cluster.journal().late();
        for (int i = 0; i < Limits.MAX_WAITING; i++) {
            cluster.controller().allocateProducerIds(0);
        }

        // When
        CompletionStage<ProducerIdBlock> tooMuch = cluster.controller().allocateProducerIds(0);

        // Then
        assertThat(tooMuch.toCompletableFuture())
                .isCompletedExceptionally()
                .failsWithin(Duration.ZERO)
                .withThrowableThat()
                .withCauseInstanceOf(RejectedExecutionException.class);
        cluster.journal().commit();
        cluster.journal().late();
        assertThat(cluster.controller().allocateProducerIds(0).toCompletableFuture())
                .isNotCompletedExceptionally();
    }

    @Test
    void shouldNeverGiveProducerIdTwice() {
        // Given
        ProducerIdBlock first = value(cluster.controller().allocateProducerIds(0));
        ProducerIdBlock second = value(cluster.controller().allocateProducerIds(0));

        // When
        TestCluster restarted = cluster.restarted();
        value(restarted.controller().start());
        ProducerIdBlock third = value(restarted.controller().allocateProducerIds(0));

        // Then
        assertThat(first).isEqualTo(new ProducerIdBlock(0, 1_000));
        assertThat(second.firstId()).isEqualTo(1_000);
        assertThat(third.firstId()).isEqualTo(2_000);
    }

    @Test
    void shouldRememberEverythingAfterRestart() {
        // Given
        cluster.create(TestCluster.withConfig(topic("t", 3), "retention.ms", "5"));

        // When
        TestCluster restarted = cluster.restarted();
        value(restarted.controller().start());

        // Then
        assertThat(restarted.image().topic("t")).isEqualTo(cluster.image().topic("t"));
        assertThat(restarted.image().configs(ConfigResource.topic("t"))).containsEntry("retention.ms", "5");
        assertThat(restarted.image().controllerEpoch())
                .isEqualTo(cluster.image().controllerEpoch() + 1);
        assertThat(restarted.image().controllerId()).hasValue(0);
        assertThat(restarted.image().clusterId()).isEqualTo("cluster");
    }

    @Test
    void shouldBeginNewEpochsWithEachRegistration() {
        // Given
        cluster.create(topic("t", 2));
        long epoch = cluster.image().broker(0).orElseThrow().epoch();

        // When
        TestCluster restarted = cluster.restarted();
        value(restarted.controller().start());
        long newEpoch = value(restarted.controller().registerBroker(TestCluster.broker(0)));

        // Then (S5, C15)
        assertThat(newEpoch).isGreaterThan(epoch);
        assertThat(restarted.image().broker(0).orElseThrow().epoch()).isEqualTo(newEpoch);
        assertThat(restarted.image().topic("t").orElseThrow().partitions())
                .extracting(PartitionImage::leaderEpoch)
                .containsExactly(1, 1);
    }

    @Test
    void shouldKeepLeaderEpochsAfterACleanEnd() {
        // Given
        cluster.create(topic("t", 2));
        long epoch = cluster.image().broker(0).orElseThrow().epoch();
        TestCluster restarted = cluster.restarted();
        value(restarted.controller().start());

        // When
        long newEpoch = value(restarted.controller().registerBroker(TestCluster.broker(0), OptionalLong.of(epoch)));

        // Then
        assertThat(newEpoch).isGreaterThan(epoch);
        assertThat(leaderEpochs(restarted)).containsExactly(0, 0);
    }

    @Test
    void shouldBeginNewLeaderEpochsWhenTheCleanEndWasThatOfAnEarlierLife() {
        // Given
        cluster.create(topic("t", 2));
        long epoch = cluster.image().broker(0).orElseThrow().epoch();
        TestCluster restarted = cluster.restarted();
        value(restarted.controller().start());

        // When
        value(restarted.controller().registerBroker(TestCluster.broker(0), OptionalLong.of(epoch - 1)));

        // Then
        assertThat(leaderEpochs(restarted)).containsExactly(1, 1);
    }

    private static List<Integer> leaderEpochs(TestCluster of) {
        return of.image().topic("t").orElseThrow().partitions().stream()
                .map(PartitionImage::leaderEpoch)
                .toList();
    }

    @Test
    void shouldSplitLargeRegistrationIntoEntries() {
        // Given
        for (int i = 0; i < 3; i++) {
            cluster.create(topic("t" + i, 9_000));
        }
        int entries = cluster.journal().size();

        // When
        value(cluster.controller().registerBroker(TestCluster.broker(0)));

        // Then
        assertThat(cluster.journal().size()).isEqualTo(entries + 3);
        assertThat(cluster.image()
                        .topic("t2")
                        .orElseThrow()
                        .partitions()
                        .get(8_999)
                        .leaderEpoch())
                .isEqualTo(1);
    }

    @Test
    void shouldRefuseJournalOfAnotherCluster() {
        // Given
        TestCluster other = cluster.restarted("another");

        // When
        CompletionStage<Void> start = other.controller().start();

        // Then
        assertThatThrownBy(() -> value(start))
                .hasRootCauseMessage(
                        "the metadata journal belongs to cluster cluster, the data directory to cluster another");
    }

    @Test
    void shouldRefuseRequestsBeforeStartAndAfterClose() {
        // Given
        TestCluster idle = cluster.restarted();
        cluster.controller().close();

        // When
        CompletionStage<?> before = idle.controller().allocateProducerIds(0);
        CompletionStage<?> after = cluster.controller().allocateProducerIds(0);

        // Then
        assertThat(before.toCompletableFuture()).isCompletedExceptionally();
        assertThat(after.toCompletableFuture()).isCompletedExceptionally();
    }
}
