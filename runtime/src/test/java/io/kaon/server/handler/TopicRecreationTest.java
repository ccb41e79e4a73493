// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static io.kaon.server.handler.SettingsFixture.EARLIEST;
import static io.kaon.server.handler.SettingsFixture.LATEST;
import static io.kaon.server.handler.SettingsFixture.TOPIC;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.Uuid;
import io.kaon.record.Record;
import io.kaon.record.RecordBatch;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.RecordLimits;
import io.kaon.record.codec.StandardCodecs;
import io.kaon.server.Reply;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.DeleteTopicsRequest;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.ProduceResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A topic that was deleted and made again under its name shows nothing of what it was (S12, C18). */
class TopicRecreationTest {
    private static final long DELETE_DELAY_MS = 60_000;
    private static final int MANY = 1_000;
    private static final String METADATA = "__kaon_journal";

    @TempDir
    Path data;

    @TempDir
    Path copy;

    private SettingsFixture topic;

    @BeforeEach
    void start() {
        topic = new SettingsFixture(data);
        produce(topic, "old-1", "old-2", "old-3");
    }

    @AfterEach
    void stop() {
        topic.close();
    }

    @Test
    void shouldBeEmptyUnderItsNameAtOnce() {
        // When
        recreate();

        // Then
        assertThat(topic.offset(EARLIEST)).isZero();
        assertThat(topic.offset(LATEST)).isZero();
        produce(topic, "new");
        assertThat(values(topic)).containsExactly("new");
        topic.broker.time.advance(DELETE_DELAY_MS);
        assertThat(values(topic)).containsExactly("new");
        assertThat(folders(data)).containsExactly("orders-0");
    }

    @Test
    void shouldAnswerAFetchThatWaitedForTheOldTopic() {
        // Given
        Uuid old = topic.broker.idOf(TOPIC);
        CompletionStage<Reply> byId = topic.broker.start(ApiKey.FETCH, 17, Batches.fetch(TOPIC, old, 3));
        CompletionStage<Reply> byName = topic.broker.start(ApiKey.FETCH, 12, Batches.fetch(TOPIC, old, 3));

        // When
        recreate();
        produce(topic, "new-1", "new-2", "new-3", "new-4");

        // Then: neither shows offset 3 of the new topic as if it followed offset 2 of the old one
        assertThat(errorOf(byId)).isIn(ErrorCode.UNKNOWN_TOPIC_ID, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
        assertThat(errorOf(byName)).isEqualTo(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
    }

    @Test
    void shouldRefuseTheOldIdFromThenOn() {
        // Given
        Uuid old = topic.broker.idOf(TOPIC);
        recreate();
        produce(topic, "new");

        // When
        ProduceResponse produced =
                topic.broker.call(ApiKey.PRODUCE, 13, Batches.produce(-1, "", old, Batches.batch("late")));
        FetchResponse.PartitionData fetched = topic.fetch(old, 0);

        // Then
        assertThat(ErrorCode.of(
                        produced.responses().get(0).partitionResponses().get(0).errorCode()))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(ErrorCode.of(fetched.errorCode())).isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
        assertThat(values(topic)).containsExactly("new");
    }

    @Test
    void shouldShowNothingNewInAnOldFetchSession() {
        // Given
        Uuid old = topic.broker.idOf(TOPIC);
        FetchRequest first = Batches.fetch(TOPIC, old, 3).setMaxWaitMs(0).setSessionEpoch(0);
        FetchResponse session = TestBroker.answer(topic.broker.startHurried(ApiKey.FETCH, 17, first));
        recreate();
        produce(topic, "new-1", "new-2", "new-3", "new-4");

        // When
        FetchRequest next = new FetchRequest().setSessionId(session.sessionId()).setSessionEpoch(1);
        FetchResponse answer = TestBroker.answer(topic.broker.startHurried(ApiKey.FETCH, 17, next));

        // Then
        assertThat(session.sessionId()).isPositive();
        assertThat(ErrorCode.of(answer.responses().get(0).partitions().get(0).errorCode()))
                .isEqualTo(ErrorCode.UNKNOWN_TOPIC_ID);
    }

    @Test
    void shouldKnowNothingOfItsProducers() {
        // Given
        assertThat(topic.produced(idempotent(0))).isEqualTo(ErrorCode.NONE);
        assertThat(topic.produced(idempotent(1))).isEqualTo(ErrorCode.NONE);

        // When
        recreate();

        // Then: what would be a duplicate is the first record
        assertThat(topic.produce(idempotent(0)).baseOffset()).isZero();
        assertThat(topic.offset(LATEST)).isEqualTo(1);
        topic = topic.restart();
        assertThat(topic.produced(idempotent(1))).isEqualTo(ErrorCode.NONE);
        assertThat(topic.offset(LATEST)).isEqualTo(2);
    }

    @Test
    void shouldKnowNothingOfItsLogStartAndHighWatermark() {
        // Given
        topic.deleteRecords(2);
        topic.broker.time.advance(DELETE_DELAY_MS);

        // When
        recreate();
        produce(topic, "new");

        // Then
        try (SettingsFixture next = topic.killed(copy)) {
            assertThat(next.offset(EARLIEST)).isZero();
            assertThat(values(next)).containsExactly("new");
        }
        topic = topic.restart();
        assertThat(topic.offset(EARLIEST)).isZero();
        assertThat(values(topic)).containsExactly("new");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldPutAwayAFolderThatAKillHasLeft(boolean isMadeAgain) {
        // Given: the deletion is in the journal, and the folder is as it was, with all that was written about it
        topic.deleteRecords(2);
        topic.broker.time.advance(DELETE_DELAY_MS);
        SettingsFixture.copy(data, copy);
        topic.delete();
        if (isMadeAgain) {
            topic.broker.create(TOPIC, 1);
        }
        copyMetadata(data, copy);

        // When
        try (SettingsFixture next = new SettingsFixture(copy)) {
            next.broker.removeStrays();

            // Then
            assertThat(next.offset(EARLIEST)).isZero();
            assertThat(next.offset(LATEST)).isZero();
            produce(next, "new");
            assertThat(values(next)).containsExactly("new");
            SettingsFixture again = next.killed(copy.resolve("again"));
            assertThat(values(again)).containsExactly("new");
            assertThat(again.offset(EARLIEST)).isZero();
            again.close();
        }
    }

    @Test
    void shouldPutAwayAnOldFolderAlsoWhenNobodyLookedForStrays() {
        // Given
        SettingsFixture.copy(data, copy);
        recreate();
        copyMetadata(data, copy);

        // When
        try (SettingsFixture next = new SettingsFixture(copy)) {
            // Then
            assertThat(next.offset(LATEST)).isZero();
            assertThat(ErrorCode.of(next.fetch(1).errorCode())).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
        }
    }

    @Test
    void shouldNotComeBackAfterManyRounds() {
        for (int round = 0; round < 20; round++) {
            // When
            recreate();
            produce(
                    topic,
                    IntStream.rangeClosed(0, round % 4).mapToObj(it -> "v" + it).toArray(String[]::new));
            if (round % 3 == 0) {
                topic.deleteRecords(1);
            }
            if (round % 5 == 4) {
                topic = topic.restart();
            }

            // Then
            assertThat(topic.offset(LATEST)).isEqualTo(1 + round % 4);
            assertThat(topic.offset(EARLIEST)).isEqualTo(round % 3 == 0 ? 1 : 0);
        }
        topic.broker.time.advance(DELETE_DELAY_MS);
        assertThat(folders(data)).containsExactly("orders-0");
    }

    @Test
    void shouldDeleteAThousandPartitions() {
        // Given
        topic.broker.create("wide", MANY);
        Uuid id = topic.broker.idOf("wide");
        for (int index = 0; index < MANY; index += 10) {
            var request = Batches.produce(-1, "wide", id, Batches.batch("old"));
            request.topicData().get(0).partitionData().get(0).setIndex(index);
            ProduceResponse response = topic.broker.call(ApiKey.PRODUCE, 13, request);
            assertThat(response.responses().get(0).partitionResponses().get(0).errorCode())
                    .isZero();
        }
        assertThat(folders(data)).hasSize(1 + MANY / 10);

        // When
        DeleteTopicsRequest request = new DeleteTopicsRequest();
        request.topicNames().add("wide");
        topic.broker.call(ApiKey.DELETE_TOPICS, 5, request);
        List<String> left = folders(data);
        topic.broker.create("wide", MANY);

        // Then
        assertThat(left.stream().filter(name -> !name.endsWith("-delete"))).containsExactly("orders-0");
        FetchResponse.PartitionData fetched = TestBroker.<FetchResponse>answer(topic.broker.startHurried(
                        ApiKey.FETCH, 17, Batches.fetch("wide", topic.broker.idOf("wide"), 0)))
                .responses()
                .get(0)
                .partitions()
                .get(0);
        assertThat(fetched.highWatermark()).isZero();
        topic.broker.time.advance(DELETE_DELAY_MS);
        assertThat(folders(data)).containsExactly("orders-0");
    }

    private void recreate() {
        topic.delete();
        topic.broker.create(TOPIC, 1);
    }

    private static void produce(SettingsFixture where, String... values) {
        for (String value : values) {
            assertThat(where.produced(Batches.batch(value))).isEqualTo(ErrorCode.NONE);
        }
    }

    private static ByteBuffer idempotent(int sequence) {
        return RecordBatchBuilder.uncompressed()
                .producer(9, (short) 0, sequence)
                .append(TestBroker.START_MS, null, new byte[1])
                .build();
    }

    private static List<String> values(SettingsFixture where) {
        List<String> values = new ArrayList<>();
        for (RecordBatch batch : where.batches(where.offset(EARLIEST))) {
            for (Record record : batch.records(RecordLimits.of(new StandardCodecs()))) {
                values.add(StandardCharsets.UTF_8.decode(record.value()).toString());
            }
        }
        return values;
    }

    private static ErrorCode errorOf(CompletionStage<Reply> fetch) {
        FetchResponse response = TestBroker.answer(fetch);
        return ErrorCode.of(response.responses().get(0).partitions().get(0).errorCode());
    }

    private static List<String> folders(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isDirectory)
                    .map(it -> it.getFileName().toString())
                    .filter(it -> it.startsWith("orders") || it.startsWith("wide") || it.endsWith("-delete"))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    /** What the controller has written, of another life of the same directory. */
    private static void copyMetadata(Path from, Path to) {
        SettingsFixture.copy(from.resolve(METADATA), to.resolve(METADATA));
    }
}
