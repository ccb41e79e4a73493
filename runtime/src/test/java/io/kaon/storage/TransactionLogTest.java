// SPDX-License-Identifier: Apache-2.0
package io.kaon.storage;

import static io.kaon.storage.StorageFixture.START_MS;
import static io.kaon.storage.StorageFixture.join;
import static org.assertj.core.api.Assertions.assertThat;

import io.kaon.common.ErrorCode;
import io.kaon.record.ControlRecordType;
import io.kaon.record.RecordBatchBuilder;
import io.kaon.storage.producer.ProducerEntry;
import io.kaon.storage.producer.TransactionMarker;
import io.kaon.storage.segment.AbortedTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TransactionLogTest {
    private static final long ID = 7;
    private static final long OTHER = 8;

    @TempDir
    private Path path;

    private StorageFixture storage;
    private PartitionLog log;

    @BeforeEach
    void open() {
        storage = new StorageFixture(path);
        log = storage.log();
    }

    @AfterEach
    void close() {
        storage.close();
    }

    @Test
    void shouldEndWhatReadersOfCommittedRecordsSeeAtTheFirstOpenTransaction() {
        // Given
        storage.appendValues(log, "before");
        write(ID, 0, 0);
        storage.appendValues(log, "after");

        // When
        long whileOpen = log.view().lastStableOffset();
        end(ID, 0, ControlRecordType.COMMIT);

        // Then
        assertThat(whileOpen).isEqualTo(1);
        assertThat(log.view().lastStableOffset()).isEqualTo(4);
    }

    @Test
    void shouldNotMoveTheStableEndBeforeTheMarkerIsCommitted() {
        // Given
        write(ID, 0, 0);

        // When
        storage.inside(() -> log.append(marker(ID, 0, ControlRecordType.COMMIT), AppendOrigin.COORDINATOR, 0));

        // Then
        assertThat(log.view().highWatermark()).isEqualTo(1);
        assertThat(log.view().lastStableOffset()).isZero();
    }

    @Test
    void shouldTellAbortedTransactionsByTheirFirstOffset() {
        // Given
        write(OTHER, 0, 0);
        write(ID, 0, 0);
        end(ID, 0, ControlRecordType.ABORT);
        end(OTHER, 0, ControlRecordType.ABORT);

        // When
        List<AbortedTransaction> aborted = log.view().abortedTransactions(0, 4).orElseThrow();

        // Then
        assertThat(aborted)
                .containsExactly(new AbortedTransaction(OTHER, 0, 3, 4), new AbortedTransaction(ID, 1, 2, 0));
    }

    @Test
    void shouldTellNoMoreThanWhatTheReadBytesMayHave() {
        // Given
        storage.run(() -> log.reconfigure(
                LogOptions.DEFAULT.withSegments(new SegmentOptions(1 << 20, Long.MAX_VALUE, 1 << 20, 0))));
        for (int round = 0; round < 50; round++) {
            write(ID, 0, round);
            end(ID, 0, ControlRecordType.ABORT);
        }

        // When
        List<AbortedTransaction> aborted =
                log.view().abortedTransactions(10, 100, 100).orElseThrow();

        // Then
        assertThat(aborted).hasSizeBetween(1, 3).first().isEqualTo(new AbortedTransaction(ID, 10, 11, 12));
    }

    @Test
    void shouldMakeAFileOfAbortedTransactionsOnlyWhereThereAreAny() throws IOException {
        // Given
        write(ID, 0, 0);
        end(ID, 0, ControlRecordType.COMMIT);
        join(log.flush());
        boolean hadFile = Files.exists(transactionIndex());

        // When
        write(ID, 0, 1);
        end(ID, 0, ControlRecordType.ABORT);
        join(log.flush());

        // Then
        assertThat(hadFile).isFalse();
        assertThat(Files.size(transactionIndex())).isEqualTo(34);
    }

    @Test
    void shouldMakeTheIndexAgainWhenItsFileIsDamaged() throws IOException {
        // Given
        write(ID, 0, 0);
        end(ID, 0, ControlRecordType.ABORT);
        write(OTHER, 0, 0);
        end(OTHER, 0, ControlRecordType.ABORT);
        storage.restart();
        byte[] whole = Files.readAllBytes(transactionIndex());
        for (int length = 1; length < whole.length; length++) {
            if (length % 34 != 0) {
                join(storage.directory().close());
                Files.write(transactionIndex(), Arrays.copyOf(whole, length));
                storage.open();

                // When
                log = storage.log();

                // Then
                assertThat(log.view().abortedTransactions(0, 4).orElseThrow())
                        .containsExactly(new AbortedTransaction(ID, 0, 1, 2), new AbortedTransaction(OTHER, 2, 3, 4));
                assertThat(Files.readAllBytes(transactionIndex())).isEqualTo(whole);
            }
        }
    }

    @Test
    void shouldKnowOpenTransactionsAfterARestartAndAfterACrash() {
        // Given
        write(ID, 0, 0);
        write(OTHER, 2, 0);

        // When
        storage.restart();
        log = storage.log();
        List<ProducerEntry> afterRestart = join(log.producers());
        storage.crash();
        log = storage.log();

        // Then
        assertThat(afterRestart)
                .extracting(ProducerEntry::openTransactionFirstOffset)
                .containsExactly(0L, 1L);
        assertThat(join(log.producers()))
                .extracting(ProducerEntry::openTransactionFirstOffset)
                .containsExactly(0L, 1L);
        assertThat(log.view().lastStableOffset()).isZero();
    }

    @Test
    void shouldNotFallBelowTheLogStartOffset() {
        // Given
        write(ID, 0, 0);
        storage.appendValues(log, "a", "b");

        // When
        storage.run(() -> log.advanceLogStartOffset(2));

        // Then
        assertThat(log.view().lastStableOffset()).isEqualTo(2);
        assertThat(join(log.producers()).get(0).openTransactionFirstOffset()).isZero();
    }

    @Test
    void shouldOpenTheTransactionAgainWhoseMarkerIsCutOff() {
        // Given
        write(ID, 0, 0);
        storage.inside(() -> log.append(marker(ID, 0, ControlRecordType.ABORT), AppendOrigin.COORDINATOR, 0));

        // When
        join(storage.inside(() -> log.truncateTo(1)));

        // Then
        assertThat(log.view().lastStableOffset()).isZero();
        assertThat(log.view().abortedTransactions(0, 1).orElseThrow()).isEmpty();
        assertThat(join(log.producers()).get(0).openTransactionFirstOffset()).isZero();
    }

    @Test
    void shouldTakeTheIndexAwayWithItsSegment() throws IOException {
        // Given
        write(ID, 0, 0);
        end(ID, 0, ControlRecordType.ABORT);
        storage.run(() ->
                log.reconfigure(LogOptions.DEFAULT.withSegments(new SegmentOptions(200, Long.MAX_VALUE, 1 << 20, 0))));
        storage.appendValues(log, "next segment");
        boolean hadFile = Files.exists(transactionIndex());

        // When
        storage.run(() -> log.advanceLogStartOffset(2));
        storage.time.advance(LogOptions.DEFAULT.retention().fileDeleteDelayMs());

        // Then
        assertThat(hadFile).isTrue();
        try (Stream<Path> files = Files.list(transactionIndex().getParent())) {
            assertThat(files.map(file -> file.getFileName().toString())).noneMatch(name -> name.contains("txnindex"));
        }
    }

    @Test
    void shouldRefuseAControlBatchThatSaysNothing() {
        // Given
        ByteBuffer batch = RecordBatchBuilder.uncompressed()
                .producer(ID, (short) 0, -1)
                .transactional()
                .control()
                .append(START_MS, null, new byte[] {1})
                .build();

        // When
        AppendResult result = storage.inside(() -> log.append(batch, AppendOrigin.COORDINATOR, 0));

        // Then
        assertThat(((Rejected) result).code()).isEqualTo(ErrorCode.INVALID_RECORD);
        assertThat(log.view().logEndOffset()).isZero();
    }

    private void write(long id, int epoch, int sequence) {
        storage.append(
                log,
                RecordBatchBuilder.uncompressed()
                        .producer(id, (short) epoch, sequence)
                        .transactional()
                        .append(START_MS, null, new byte[] {1})
                        .build());
    }

    private void end(long id, int epoch, ControlRecordType type) {
        AppendResult result = storage.inside(() -> {
            AppendResult appended = log.append(marker(id, epoch, type), AppendOrigin.COORDINATOR, 0);
            log.advanceHighWatermark(log.view().logEndOffset());
            return appended;
        });
        assertThat(result).isInstanceOf(Appended.class);
    }

    private static ByteBuffer marker(long id, int epoch, ControlRecordType type) {
        return new TransactionMarker(id, (short) epoch, type, 0).toBatch(START_MS);
    }

    private Path transactionIndex() {
        return path.resolve("orders-3").resolve("00000000000000000000.txnindex");
    }
}
