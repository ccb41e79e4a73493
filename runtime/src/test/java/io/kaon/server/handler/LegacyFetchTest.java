// SPDX-License-Identifier: Apache-2.0
package io.kaon.server.handler;

import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.common.TopicPartition;
import io.kaon.common.Uuid;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.record.legacy.LegacyMessages;
import io.kaon.replication.Acks;
import io.kaon.replication.PartitionLookup;
import io.kaon.server.ClientConnection;
import io.kaon.server.Contexts;
import io.kaon.server.FetchSessionSlots;
import io.kaon.server.Reply;
import io.kaon.server.RequestContext;
import io.kaon.storage.AppendOrigin;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.wire.message.ApiKey;
import io.kaon.wire.message.FetchRequest;
import io.kaon.wire.message.FetchResponse;
import io.kaon.wire.message.FetchResponse.PartitionData;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a Fetch 0–3 waits, reads on and takes turns. */
class LegacyFetchTest {
    private static final int LARGE = 1 << 20;
    private static final long PRODUCER = 7;
    private static final int MAX_WAIT_MS = 500;

    @TempDir
    Path data;

    private TestBroker broker;
    private final LinkedBlockingQueue<Runnable> home = new LinkedBlockingQueue<>();
    private final ClientConnection connection = connection();

    @BeforeEach
    void start() {
        broker = new TestBroker(data);
        broker.create("orders", 2);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    private ClientConnection connection() {
        return new ClientConnection(Contexts.LISTENER, "127.0.0.1", home::add, new FetchSessionSlots(1000, 0));
    }

    @Test
    void shouldReadOnBehindMarkersOnItsConnectionAndWaitNoLongerThanItsTime() throws InterruptedException {
        // Given: a fetch that waits for what follows the record of a transaction
        append(0, ofTransaction());
        CompletionStage<Reply> reply = fetch(connection, 1);
        broker.time.advance(300);

        // When: a marker comes, which is nothing for this client; the second round begins where the connection is
        append(0, new TransactionMarker(PRODUCER, (short) 0, ControlRecordType.ABORT, 0).toBatch(TestBroker.START_MS));
        runNext();
        runNext();
        boolean isDoneEarly = reply.toCompletableFuture().isDone();
        broker.time.advance(MAX_WAIT_MS - 300);
        runNext();

        // Then
        PartitionData partition = partition(reply, 0);
        assertThat(isDoneEarly).isFalse();
        assertThat(partition.errorCode()).isEqualTo(ErrorCode.NONE.code());
        assertThat(partition.records().sizeInBytes()).isZero();
        assertThat(partition.highWatermark()).isEqualTo(2);
    }

    @Test
    void shouldAnswerWhatComesBehindAMarker() throws InterruptedException {
        // Given
        append(0, ofTransaction());
        append(0, new TransactionMarker(PRODUCER, (short) 0, ControlRecordType.ABORT, 0).toBatch(TestBroker.START_MS));
        CompletionStage<Reply> reply = fetch(connection, 1);
        runNext();

        // When
        append(0, Batches.batch("a"));
        runNext();

        // Then
        PartitionData partition = partition(reply, 0);
        assertThat(LegacyMessages.read(partition.records().toBuffer())).containsExactly("m1 2=a");
        partition.records().release();
    }

    @Test
    void shouldGiveEachPartitionItsTurnOnEachConnection() {
        // Given: each partition has more than fits into an answer, and two clients take turns
        for (int count = 0; count < 10; count++) {
            append(0, Batches.batch("x".repeat(LARGE / 2)));
            append(1, Batches.batch("x".repeat(LARGE / 2)));
        }
        ClientConnection other = connection();

        for (ClientConnection each : new ClientConnection[] {connection, other}) {
            // When
            int first = sizeOfFirst(each);
            sizeOfFirst(each == connection ? other : connection);
            int second = sizeOfFirst(each);

            // Then
            assertThat(Math.min(first, second)).isLessThan(LARGE);
            assertThat(Math.max(first, second)).isGreaterThan(3 * LARGE);
        }
    }

    private int sizeOfFirst(ClientConnection on) {
        FetchResponse response = TestBroker.answer(fetch(on, 0));
        int size = 0;
        for (PartitionData partition : response.responses().get(0).partitions()) {
            size = partition.partitionIndex() == 0 ? partition.records().sizeInBytes() : size;
            partition.records().release();
        }
        return size;
    }

    private CompletionStage<Reply> fetch(ClientConnection on, long offset) {
        FetchRequest request = Batches.fetch("orders", Uuid.ZERO, offset).setMaxWaitMs(MAX_WAIT_MS);
        request.topics().get(0).partitions().get(0).setPartitionMaxBytes(8 * LARGE);
        if (offset == 0) {
            request.topics()
                    .get(0)
                    .partitions()
                    .add(new FetchRequest.FetchPartition().setPartition(1).setPartitionMaxBytes(8 * LARGE));
        }
        return broker.router.handle(
                RequestContext.of(ApiKey.FETCH, (short) 2, "test-client", on, new CompletableFuture<>()), request);
    }

    private static PartitionData partition(CompletionStage<Reply> reply, int index) {
        FetchResponse response = TestBroker.answer(reply);
        return response.responses().get(0).partitions().get(index);
    }

    private void runNext() throws InterruptedException {
        Runnable task = home.poll(20, TimeUnit.SECONDS);
        assertThat(task).as("a task of the connection").isNotNull();
        task.run();
    }

    private static ByteBuffer ofTransaction() {
        return RecordBatchBuilder.uncompressed()
                .producer(PRODUCER, (short) 0, 0)
                .transactional()
                .append(TestBroker.START_MS, null, "t".getBytes(StandardCharsets.UTF_8))
                .build();
    }

    private void append(int partition, ByteBuffer records) {
        PartitionLookup lookup = broker.partitions
                .open(new TopicPartition("orders", partition))
                .toCompletableFuture()
                .join();
        ((PartitionLookup.Found) lookup)
                .partition()
                .append(records, Acks.ALL, 1_000, AppendOrigin.COORDINATOR)
                .toCompletableFuture()
                .join();
    }
}
